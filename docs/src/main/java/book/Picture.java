package book;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.GraphicsEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sourceforge.plantuml.BlockUml;
import net.sourceforge.plantuml.ErrorUml;
import net.sourceforge.plantuml.FileFormat;
import net.sourceforge.plantuml.FileFormatOption;
import net.sourceforge.plantuml.SourceFileReader;
import net.sourceforge.plantuml.core.Diagram;
import net.sourceforge.plantuml.error.PSystemError;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/** A picture, drawn by PlantUML from its text. */
final class Picture {
    /** A font that everybody has who has AsciidoctorJ: its measures are in the picture, which is so the same everywhere. */
    private static final String FONT = "Noto Sans";

    private static final Pattern COLOUR = Pattern.compile("!\\$([A-Z]+) = \"([0-9A-F]{6})\"");

    /** Marks text that lies over lines. */
    private static final String OVER = "data-over";

    private final Document svg;

    static {
        System.setProperty("java.awt.headless", "true");
        Locale.setDefault(Locale.ROOT); // in Turkish PlantUML does not know its own words: TITLE is t\u0131tle
        for (String style : List.of("regular", "bold")) {
            String file = "/gems/asciidoctor-pdf-2.3.23/data/fonts/notosans-" + style + "-subset.ttf";
            try (InputStream font = Picture.class.getResourceAsStream(file)) {
                GraphicsEnvironment.getLocalGraphicsEnvironment()
                        .registerFont(Font.createFont(Font.TRUETYPE_FONT, font));
            } catch (IOException | FontFormatException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    /** @param svg drawn in colours of style.iuml, and in {@link #FONT} */
    Picture(Document svg) {
        this.svg = svg;
    }

    /** @throws IOException with file and line, if PlantUML does not understand the text */
    Picture(Path source) throws IOException {
        if (!Files.exists(source)) {
            throw new IOException("docs/pictures/" + source.getFileName() + ": no such picture");
        }
        List<BlockUml> blocks = new SourceFileReader(source.toFile()).getBlocks();
        if (blocks.isEmpty()) {
            throw new IOException("docs/pictures/" + source.getFileName() + ":1: no @startuml");
        }
        Diagram diagram = blocks.get(0).getDiagram();
        if (diagram instanceof PSystemError failed) {
            ErrorUml error = failed.getErrorsUml().iterator().next();
            var at = error.getLineLocation();
            throw new IOException("docs/pictures/"
                    + Path.of(at.getDescription()).getFileName() + ":" + (at.getPosition() + 1) + ": "
                    + error.getError().trim());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        diagram.exportDiagram(out, 0, new FileFormatOption(FileFormat.SVG, false));
        svg = Jsoup.parse(out.toString(StandardCharsets.UTF_8), "", Parser.xmlParser());
        svg.outputSettings().prettyPrint(false);
        clean();
    }

    /** PlantUML's notes for its own use, and what would show as a tooltip. */
    private void clean() {
        // Above the arrows, which come down through the walls.
        for (Element text : svg.select("g.cluster > text, g.link > text")) {
            text.parent().parent().appendChild(text);
            text.attr(OVER, "");
        }
        List.copyOf(svg.childNodes()).stream()
                .filter(node -> !(node instanceof Element))
                .forEach(org.jsoup.nodes.Node::remove);
        svg.select("title, defs").remove();
        svg.forEachNode(node -> {
            if (node instanceof Comment) {
                node.remove();
            }
        });
        for (Element element : svg.getAllElements()) {
            List.copyOf(element.attributes().asList()).stream()
                    .map(attribute -> attribute.getKey())
                    .filter(name -> !name.equals(OVER)
                            && name.matches("data-.*|id|class|version|zoomAndPan|preserveAspectRatio|xmlns:xlink"
                                    + "|contentStyleType|lengthAdjust"))
                    .forEach(element::removeAttr);
        }
        Element root = root();
        root.removeAttr("style");
        for (String side : List.of("width", "height")) {
            root.attr(side, root.attr(side).replace("px", ""));
        }
        svg.select("text").attr("lengthAdjust", "spacingAndGlyphs");
    }

    private Element root() {
        return svg.expectFirst("svg");
    }

    /** In CSS pixels. */
    int width() {
        return Integer.parseInt(root().attr("width"));
    }

    /** For the PDF: in the light theme's colours. */
    String forPrint() {
        Document print = svg.clone();
        print.select("[" + OVER + "]").removeAttr(OVER);
        return print.outerHtml();
    }

    /**
     * For a page: a colour is a class, such as {@code fill-ink} or {@code line-new}, which picture.css gives a colour.
     *
     * @param style the pictures' common style, where the colours have their names
     * @throws IOException for a colour that has none
     */
    String forPage(String alt, Path style) throws IOException {
        Map<String, String> names = new HashMap<>();
        colours(style).forEach((name, colour) -> names.put(colour, name));
        Document page = svg.clone();
        page.select("text").removeAttr("font-family");
        page.select("[" + OVER + "]").removeAttr(OVER).addClass("over");
        for (Element element : page.getAllElements()) {
            String fill = element.attr("fill");
            if (fill.startsWith("#")) {
                element.removeAttr("fill");
                colour(element, "fill", fill, names);
            }
            Matcher stroke = Pattern.compile("stroke:([^;]*);?").matcher(element.attr("style"));
            if (stroke.find()) {
                element.attr("style", stroke.replaceFirst(""));
                colour(element, "line", stroke.group(1), names);
            }
        }
        Element root = page.expectFirst("svg");
        root.attr("role", "img").attr("aria-label", alt).addClass("picture");
        return page.outerHtml();
    }

    /** The pictures' colours by their names, as in {@code #1F2328}. */
    static Map<String, String> colours(Path style) throws IOException {
        Map<String, String> colours = new HashMap<>();
        COLOUR.matcher(Files.readString(style))
                .results()
                .forEach(colour -> colours.put(colour.group(1).toLowerCase(Locale.ROOT), "#" + colour.group(2)));
        return colours;
    }

    private static void colour(Element element, String part, String colour, Map<String, String> names)
            throws IOException {
        boolean none = colour.equals("none")
                || colour.matches("#[0-9A-F]{6}00")
                || element.attr("fill-opacity").matches("0(\\.0+)?");
        String name = none ? "none" : names.get(colour);
        if (name == null) {
            throw new IOException("the colour " + colour + " is not in style.iuml");
        }
        element.addClass(part + "-" + name);
    }
}
