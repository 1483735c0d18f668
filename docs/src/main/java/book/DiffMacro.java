package book;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.asciidoctor.ast.StructuralNode;
import org.asciidoctor.extension.BlockMacroProcessor;
import org.asciidoctor.extension.Name;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Entities;
import org.jsoup.nodes.TextNode;
import workshop.code.Block;
import workshop.code.Checkout;
import workshop.code.Line;
import workshop.code.NotThere;
import workshop.code.StepDiff;

/**
 * {@code diff::2..3[Child.run]}: what differs from one step to another, as {@code ./lab diff} has it. Between the
 * brackets are pieces or files; nothing means all. Of a long piece {@code from="text"} and {@code before="text"} show
 * only the lines from the first that contains a text, and those before the first that contains another.
 */
@Name("diff")
public final class DiffMacro extends BlockMacroProcessor {
    private static final Pattern STEPS = Pattern.compile("(\\d{1,2})\\.\\.(\\d{1,2})");

    @Override
    public StructuralNode process(StructuralNode parent, String target, Map<String, Object> attributes) {
        StructuralNode result = createBlock(parent, "open", (String) null);
        try {
            Matcher steps = STEPS.matcher(target);
            if (!steps.matches()) {
                throw new IllegalArgumentException("diff::" + target + "[]: write two steps, as in diff::2..3[]");
            }
            int from = Integer.parseInt(steps.group(1));
            int to = Integer.parseInt(steps.group(2));
            StepDiff diff =
                    new Checkout(Path.of((String) parent.getDocument().getAttribute("checkout"))).diff(from, to);
            boolean html = Slides.isPageOrSlide(parent.getDocument());
            for (Block block : diff.blocks(names(attributes))) {
                Block part = block.part((String) attributes.get("from"), (String) attributes.get("before"));
                result.append(html ? html(result, part, target, patch(parent, diff, from, to)) : plain(result, part));
            }
        } catch (NotThere | IllegalArgumentException e) {
            log(Here.error(parent, e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result;
    }

    /** What has no name in the brackets. */
    private static List<String> names(Map<String, Object> attributes) {
        List<String> names = new ArrayList<>();
        for (int i = 1; attributes.containsKey(String.valueOf(i)); i++) {
            names.add(attributes.get(String.valueOf(i)).toString());
        }
        return names;
    }

    /** Writes it into the book, and says where. */
    private static String patch(StructuralNode parent, StepDiff diff, int from, int to) throws IOException {
        String name = String.format(Locale.ROOT, "patches/step%02d-to-step%02d.patch", from, to);
        if (parent.getDocument().getAttribute("outdir") instanceof String output) {
            Path file = Path.of(output, name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, diff.patch(List.of()));
        }
        return name;
    }

    private StructuralNode plain(StructuralNode parent, Block block) {
        List<String> lines = dedented(block);
        StructuralNode listing = listing(
                parent,
                "[source,diff]",
                IntStream.range(0, lines.size())
                        .mapToObj(i -> block.lines().get(i).kind().sign() + " " + lines.get(i))
                        .toList());
        // Not to be changed as the text around it is: ... would become an ellipsis.
        String place = Pattern.compile("`([^`]*)`")
                .matcher(block.place())
                .replaceAll(code ->
                        Matcher.quoteReplacement("`pass:c[" + code.group(1).replace("]", "\\]") + "]`"));
        listing.setTitle("`" + block.fileName() + "`: " + place);
        return listing;
    }

    private StructuralNode html(StructuralNode parent, Block block, String steps, String patch) {
        Document listing = highlighted(parent, block);
        Element frame = listing.expectFirst(".listingblock").addClass("diff");
        frame.attr("data-diff", steps).attr("data-file", block.file());
        Element title = frame.prependElement("div").addClass("title");
        title.html("<span><code>" + Entities.escape(block.fileName()) + "</code>: "
                + Entities.escape(block.place()).replaceAll("`([^`]*)`", "<code>$1</code>") + "</span>");
        title.append(" <a class=\"patch\" download>patch</a>")
                .expectFirst("a")
                .attr("href", patch)
                .attr("aria-label", "the whole patch, " + patch.replaceFirst(".*/", ""));
        Element pre = frame.expectFirst("pre");
        List<Element> lines = pre.select("code > span.hll");
        for (int i = 0; i < lines.size(); i++) {
            mark(lines.get(i), block.lines().get(i));
        }
        List<String> added = block.lines().stream()
                .filter(line -> line.kind() == Line.Kind.ADDED)
                .map(Line::text)
                .toList();
        if (added.isEmpty()) {
            frame.attr("data-nocopy", "");
        } else {
            pre.attr("data-copy", String.join("\n", added));
        }
        return createBlock(parent, "pass", frame.outerHtml());
    }

    /** With each line in an element of its own. */
    private Document highlighted(StructuralNode parent, Block block) {
        List<String> lines = dedented(block);
        String html = listing(parent, "[source,java,highlight=1-" + lines.size() + "]", lines)
                .convert();
        Document document = Jsoup.parseBodyFragment(html);
        document.outputSettings().prettyPrint(false);
        return document;
    }

    private static List<String> dedented(Block block) {
        int indent = block.lines().stream()
                .filter(line -> line.kind() != Line.Kind.FOLDED && !line.text().isBlank())
                .mapToInt(line ->
                        line.text().length() - line.text().stripLeading().length())
                .min()
                .orElse(0);
        return block.lines().stream()
                .map(line -> line.kind() == Line.Kind.FOLDED || line.text().isBlank()
                        ? line.text()
                        : line.text().substring(indent))
                .toList();
    }

    /** A block's style has an effect only where it is parsed. */
    private StructuralNode listing(StructuralNode parent, String style, List<String> lines) {
        StructuralNode around = createBlock(parent, "open", (String) null);
        List<String> source = new ArrayList<>(List.of(style, "----"));
        source.addAll(lines);
        source.add("----");
        parseContent(around, source);
        return around.getBlocks().get(0);
    }

    private static void mark(Element element, Line line) {
        element.removeClass("hll").addClass("line");
        switch (line.kind()) {
            case ADDED -> change(element, "ins", "+", "added: ").attr("data-line", String.valueOf(line.after()));
            case REMOVED -> change(element, "del", "−", "removed: ").attr("data-line", String.valueOf(line.before()));
            case CONTEXT -> change(element, "span", " ", "").addClass("context");
            case FOLDED ->
                change(element.text(line.text() + "\n"), "span", " ", "").addClass("fold");
        }
    }

    private static Element change(Element element, String tag, String sign, String said) {
        element.tagName(tag);
        if (!said.isEmpty()) {
            element.prependElement("span").addClass("said").appendChild(new TextNode(said));
        }
        element.prependElement("span")
                .addClass("sign")
                .attr("aria-hidden", "true")
                .appendChild(new TextNode(sign));
        return element;
    }
}
