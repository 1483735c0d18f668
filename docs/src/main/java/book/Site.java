package book;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** The pages together: what is around each text (head, contents, ways to its neighbours) and the search's index. */
final class Site {
    private final Path style;
    private final List<Page> chapters;
    private final Page whole;
    private final Document template;
    private final String styleSheet;

    /**
     * @param style the folder of {@code page.html}, the style sheets, scripts and icons
     * @param whole all chapters on one page
     * @param fonts the version of the fonts' jar
     */
    Site(Path style, List<Page> chapters, Page whole, String fonts) throws IOException {
        this.style = style;
        this.chapters = chapters;
        this.whole = whole;
        this.template = Jsoup.parse(style.resolve("page.html"));
        this.styleSheet = styleSheet(fonts);
    }

    /** Fonts and styles of all pages. */
    String styleSheet() {
        return styleSheet;
    }

    void write(Path folder) throws IOException {
        for (int i = 0; i < chapters.size(); i++) {
            Page page = chapters.get(i);
            Document html = dress(page, page.title() + " — " + whole.title());
            List<Page.Section> contents = chapters.stream()
                    .map(chapter -> new Page.Section(
                            chapter.title(), chapter.name(), chapter == page ? page.sections() : List.of()))
                    .toList();
            Element list = list(contents);
            list.select("a[href=" + page.name() + "]").attr("aria-current", "page");
            html.expectFirst(".contents .list").appendChild(list);
            turn(
                    html.expectFirst("main"),
                    i == 0 ? null : chapters.get(i - 1),
                    i + 1 == chapters.size() ? null : chapters.get(i + 1));
            Files.writeString(folder.resolve(page.name()), html.outerHtml());
        }
        Document html = dress(whole, whole.title());
        html.expectFirst(".contents .list").appendChild(list(whole.sections()));
        html.select(".contents a[href=" + whole.name() + "]")
                .attr("href", "index.html")
                .html("A page for each chapter");
        Files.writeString(folder.resolve(whole.name()), html.outerHtml());
        Files.writeString(folder.resolve("search.js"), searchIndex());
    }

    /** The page without its contents list and neighbours. */
    private Document dress(Page page, String title) throws IOException {
        Document html = template.clone();
        html.outputSettings().prettyPrint(false);
        html.title(title);
        html.expectFirst("meta[name=description]").attr("content", page.description());
        html.expectFirst(".home").text(whole.title());
        html.head().appendElement("style").appendChild(new DataNode("@layer asciidoctor {" + page.stylesheet() + "}"));
        html.head().appendElement("style").appendChild(new DataNode(styleSheet));
        html.head().appendElement("script").appendChild(new DataNode(read("theme.js")));
        html.body().addClass(page == whole ? "whole" : "chapter");
        Element main = html.expectFirst("main");
        Document text = page.html().clone();
        text.select("#toc").remove();
        text.select("h1")
                .attr("id", text.body().id().isEmpty() ? "start" : text.body().id());
        main.appendChildren(text.select("#header, #content, #footnotes"));
        icons(main);
        for (Element table : main.select("table.tableblock")) {
            table.wrap("<div class=\"scroll\"></div>");
        }
        main.select("table.tableblock th:empty").tagName("td"); // a corner heads nothing
        html.body().appendElement("script").attr("src", "search.js");
        html.body().appendElement("script").appendChild(new DataNode(read("book.js")));
        return html;
    }

    /** An icon with the admonition's name, instead of a letter of an icon font, which would have to be fetched. */
    private void icons(Element main) throws IOException {
        for (Element icon : main.select(".admonitionblock td.icon > i")) {
            String name = icon.attr("title");
            icon.before(read("icons/" + name.toLowerCase(Locale.ROOT) + ".svg"));
            icon.before(new Element("span").addClass("title").text(name));
            icon.remove();
        }
        for (Element table : main.select(".admonitionblock > table, .colist > table")) {
            table.attr("role", "presentation");
        }
    }

    private static Element list(List<Page.Section> sections) {
        Element list = new Element("ol");
        for (Page.Section section : sections) {
            Element item = list.appendElement("li");
            item.appendElement("a").attr("href", section.href()).text(section.title());
            if (!section.sections().isEmpty()) {
                item.appendChild(list(section.sections()));
            }
        }
        return list;
    }

    private static void turn(Element main, Page before, Page after) {
        Element top = new Element("nav").addClass("turn").attr("aria-label", "Neighbouring chapters");
        if (before != null) {
            top.appendElement("a")
                    .attr("href", before.name())
                    .attr("rel", "prev")
                    .text(before.title());
        }
        if (after != null) {
            top.appendElement("a")
                    .attr("href", after.name())
                    .attr("rel", "next")
                    .text(after.title());
        }
        main.prependChild(top);
        main.appendChild(top.clone().addClass("end").attr("aria-label", "Neighbouring chapters, at the end"));
    }

    /** Fonts, {@code book.css}, and then whatever other style sheet is in the folder. */
    private String styleSheet(String fonts) throws IOException {
        StringBuilder css = new StringBuilder();
        for (String face : List.of("400-normal", "400-italic", "600-normal", "600-italic")) {
            String[] weightAndStyle = face.split("-");
            css.append(String.format(
                    Locale.ROOT,
                    "@font-face{font-family:\"Source Sans\";font-weight:%s;font-style:%s;src:url(data:font/woff2;base64,%s)}\n",
                    weightAndStyle[0],
                    weightAndStyle[1],
                    font(fonts, face)));
        }
        try (Stream<Path> files = Files.list(style)) {
            List<Path> sheets = files.filter(file -> file.toString().endsWith(".css"))
                    .sorted(Comparator.comparing((Path file) -> !file.endsWith("book.css"))
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
            for (Path sheet : sheets) {
                css.append(Files.readString(sheet));
            }
        }
        return css.toString();
    }

    private static String font(String version, String face) throws IOException {
        String path = "/META-INF/resources/webjars/fontsource__source-sans-pro/%s/files/source-sans-pro-latin-%s.woff2";
        try (InputStream font = Site.class.getResourceAsStream(String.format(Locale.ROOT, path, version, face))) {
            return Base64.getEncoder().encodeToString(font.readAllBytes());
        }
    }

    /** A script rather than data: a page from a folder may load that, and nothing else. */
    private String searchIndex() {
        return chapters.stream()
                .flatMap(chapter -> chapter.passages().stream()
                        .map(passage -> String.format(
                                Locale.ROOT,
                                "{chapter:%s,section:%s,href:%s,text:%s}",
                                quoted(chapter.title()),
                                quoted(passage.section()),
                                quoted(passage.href()),
                                quoted(passage.text()))))
                .collect(Collectors.joining(",\n", "const bookIndex = [\n", "\n];\n"));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + '"';
    }

    private String read(String file) {
        try {
            return Files.readString(style.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
