package book;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.asciidoctor.ast.StructuralNode;
import org.asciidoctor.extension.BlockMacroProcessor;
import org.asciidoctor.extension.Name;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;
import workshop.transcript.Transcript;
import workshop.transcript.Transcript.Entry;
import workshop.transcript.TranscriptException;
import workshop.transcript.Transcripts;

/**
 * {@code transcript::step03-ps[]}: a recorded console session, its panes side by side and the order of what was typed in
 * numbers; both variants, if there is one for each version of cgroups.
 */
@Name("transcript")
public final class TranscriptMacro extends BlockMacroProcessor {
    @Override
    public StructuralNode process(StructuralNode parent, String target, Map<String, Object> attributes) {
        StructuralNode result = createBlock(parent, "open", (String) null, Map.of("transcript", target));
        boolean html = Slides.isPageOrSlide(parent.getDocument());
        try {
            Path checkout = Path.of((String) parent.getDocument().getAttribute("checkout"));
            for (Transcript transcript : new Transcripts(checkout).variants(target)) {
                String title = attributes.getOrDefault("title", transcript.title())
                        + transcript
                                .cgroup()
                                .map(kind -> " (cgroup " + kind + ")")
                                .orElse("");
                if (html) {
                    result.append(
                            createBlock(result, "pass", html(transcript, title).outerHtml()));
                } else {
                    listings(transcript, title, result);
                }
            }
        } catch (TranscriptException e) {
            log(Here.error(parent, e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result;
    }

    /** What is shown of a pane: the number of each entry, if there is another pane, and the entry. */
    private static Map<String, Map<Entry, String>> panes(Transcript transcript) {
        Map<String, Map<Entry, String>> panes = new LinkedHashMap<>();
        transcript.panes().forEach(name -> panes.put(name, new LinkedHashMap<>()));
        int n = 0;
        for (Entry entry : transcript.entries()) {
            if (!entry.hidden()) {
                panes.get(entry.pane()).put(entry, "" + ++n);
            }
        }
        panes.values().removeIf(Map::isEmpty);
        if (panes.size() == 1) {
            panes.values().forEach(entries -> entries.replaceAll((entry, number) -> ""));
        }
        return panes;
    }

    private static Element html(Transcript transcript, String title) {
        Element block = new Element("div").addClass("transcript").attr("data-transcript", transcript.name());
        block.appendElement("div").addClass("title").text(title);
        Element side = block.appendElement("div").addClass("panes");
        panes(transcript).forEach((name, entries) -> {
            Element pane = side.appendElement("div").addClass("pane");
            pane.attr("role", "group").attr("aria-label", "terminal: " + name);
            pane.appendElement("div").addClass("name").text(name);
            Element pre = pane.appendElement("pre");
            List<String> typed = new ArrayList<>();
            entries.forEach((entry, number) -> {
                append(pre, entry, number);
                if (!entry.isKey()) {
                    typed.add(entry.input());
                }
            });
            pre.attr("data-copy", String.join("\n", typed));
        });
        return block;
    }

    private static void append(Element pre, Entry entry, String number) {
        if (!number.isEmpty()) {
            pre.appendElement("span").addClass("when").text(number);
        }
        if (!entry.prompt().isEmpty()) {
            pre.appendElement("span").addClass("prompt").appendChild(new TextNode(entry.prompt()));
        }
        pre.appendElement("kbd").addClass(entry.isKey() ? "key" : "typed").appendChild(new TextNode(entry.input()));
        pre.appendChild(new TextNode("\n"));
        if (!entry.output().isEmpty()) {
            pre.appendElement("samp").appendChild(new TextNode(String.join("\n", entry.output()) + "\n"));
        }
    }

    /** On paper: one below the other, in asciidoctor-pdf's own marks for bold. */
    private void listings(Transcript transcript, String title, StructuralNode result) {
        Map<String, Map<Entry, String>> panes = panes(transcript);
        String before = title + ": ";
        for (String name : panes.keySet()) {
            List<String> lines = new ArrayList<>();
            panes.get(name).forEach((entry, number) -> {
                lines.add((number.isEmpty() ? "" : "[" + number + "] ") + escaped(entry.prompt()) + "<strong>"
                        + escaped(entry.input()) + "</strong>");
                entry.output().forEach(line -> lines.add(escaped(line)));
            });
            StructuralNode listing =
                    createBlock(result, "listing", lines, Map.of("subs", "none"), Map.of("subs", ":default"));
            listing.setTitle(panes.size() == 1 ? title : before + name);
            before = "";
            result.append(listing);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
