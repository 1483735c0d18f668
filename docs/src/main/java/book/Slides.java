package book;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.asciidoctor.AttributesBuilder;
import org.jsoup.Jsoup;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** The decks: what asciidoctor-revealjs makes of a chapter, in the book's own style, with nothing to be fetched. */
final class Slides {
    /** Of the pages' one, with what reveal.js needs: its files, and the frames of the speaker's view. */
    private static final String POLICY = "default-src 'none'; img-src data:; font-src data:; "
            + "style-src 'unsafe-inline' file: 'self'; script-src 'unsafe-inline' file: 'self'; "
            + "frame-src file: 'self'; base-uri 'none'; form-action 'none'";

    private final Path style;
    private final Path folder;
    private final Document page;

    /**
     * @param style the book's, with reveal.js in it
     * @param folder where the decks go; it is made
     * @param styleSheet of the pages
     */
    Slides(Path style, Path folder, String styleSheet) throws IOException {
        this.style = style;
        this.folder = folder;
        this.page = Jsoup.parse(style.resolve("page.html"));
        Path reveal = style.resolve("reveal");
        try (Stream<Path> files = Files.walk(reveal)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve("reveal").resolve(reveal.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        Files.writeString(
                folder.resolve("slides.css"), styleSheet + Files.readString(style.resolve("slides/slides.css")));
        Files.copy(style.resolve("slides/slides.js"), folder.resolve("slides.js"));
    }

    /** By what it is converted to, and not by its basebackend, which is HTML for a PDF too. */
    static boolean isPageOrSlide(org.asciidoctor.ast.Document document) {
        return List.of("html5", "revealjs").contains(String.valueOf(document.getAttribute("backend")));
    }

    /** For the conversion of a chapter. */
    static AttributesBuilder attributes(AttributesBuilder attributes) {
        return attributes
                .attribute("relfileprefix", "../")
                .attribute("revealjsdir", "reveal")
                .attribute("revealjs_customtheme", "slides.css")
                .attribute("revealjs_plugin_zoom", "disabled")
                .attribute("revealjs_width", 1280)
                .attribute("revealjs_height", 720)
                .attribute("revealjs_margin", 0)
                .attribute("revealjs_maxscale", 4)
                .attribute("revealjs_center", "false")
                .attribute("revealjs_hash", "true")
                .attribute("revealjs_slidenumber", "c/t")
                .attribute("revealjs_controlstutorial", "false")
                .attribute("revealjs_transition", "none")
                .attribute("revealjs_backgroundtransition", "none");
    }

    /** @param chapter the page of the book that it was cut from */
    void write(Page chapter, String html) throws IOException {
        Document deck = Jsoup.parse(html);
        deck.outputSettings().prettyPrint(false);
        deck.title("Slides: " + deck.title());
        deck.select("head > style, .patch").remove();
        deck.expectFirst("meta[name=viewport]").attr("content", "width=device-width, initial-scale=1");
        deck.head()
                .prependElement("meta")
                .attr("http-equiv", "Content-Security-Policy")
                .attr("content", POLICY);
        deck.head().appendChild(page.expectFirst("link[rel=icon]").clone());
        deck.head().appendElement("script").appendChild(new DataNode(Files.readString(style.resolve("theme.js"))));
        deck.expectFirst(".slides").tagName("main");
        Element title = deck.expectFirst("section.title");
        title.appendElement("p").addClass("description").text(chapter.description());
        title.appendElement("p")
                .addClass("keys")
                .html("<kbd>Space</kbd> goes on, <kbd>S</kbd> opens the notes, <kbd>Esc</kbd> shows all slides, "
                        + "<kbd>?</kbd> the other keys.");
        Element corner = deck.body().appendElement("nav").addClass("corner").attr("aria-label", "Out of the slides");
        corner.appendElement("a").attr("href", "../" + chapter.name()).text("The chapter");
        corner.appendChild(page.expectFirst("#theme").clone());
        deck.body().appendElement("script").attr("src", "slides.js");
        Files.writeString(folder.resolve(chapter.name()), deck.outerHtml());
    }
}
