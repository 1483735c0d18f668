package book;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** A page as Asciidoctor made it. */
final class Page {
    private static final int DESCRIPTION = 155; // characters that a search engine shows

    private final String name;
    private final Document html;

    Page(String name, String html) {
        this.name = name;
        this.html = Jsoup.parse(html);
        this.html.outputSettings().prettyPrint(false);
    }

    /** A part of the page that a contents list names: the chapter, or what is under one of its headings. */
    record Section(String title, String href, List<Section> sections) {}

    /** What a reader may look for: the text under one heading. */
    record Passage(String section, String href, String text) {}

    /** The file's name, such as {@code index.html}. */
    String name() {
        return name;
    }

    Document html() {
        return html;
    }

    String title() {
        return html.expectFirst("#header > h1").text();
    }

    /** Asciidoctor's own style sheet, without its comments, one of which names a place to fetch fonts from. */
    String stylesheet() {
        return html.expectFirst("head > style").data().replaceAll("(?s)/\\*.*?\\*/", "");
    }

    String description() {
        Element given = html.selectFirst("head > meta[name=description]");
        if (given != null) {
            return given.attr("content");
        }
        Element first = html.selectFirst("#content p");
        String text = first == null ? title() : first.text();
        return text.length() <= DESCRIPTION ? text : text.substring(0, text.lastIndexOf(' ', DESCRIPTION)) + " …";
    }

    /** Two levels of headings, with links into this very page. */
    List<Section> sections() {
        return sections(html.expectFirst("#content"), 1);
    }

    private static List<Section> sections(Element under, int level) {
        return level > 2
                ? List.of()
                : under.select(String.format(Locale.ROOT, "> .sect%d, > .sectionbody > .sect%1$d", level)).stream()
                        .map(section -> {
                            Element heading = section.expectFirst("h" + (level + 1));
                            return new Section(heading.text(), "#" + heading.id(), sections(section, level + 1));
                        })
                        .toList();
    }

    List<Passage> passages() {
        List<Passage> passages = new ArrayList<>();
        passages.add(new Passage("", name, ownText(html.expectFirst("#content"))));
        for (Element heading : html.select("#content :is(h2, h3, h4)[id]")) {
            passages.add(new Passage(
                    heading.text(),
                    name + "#" + heading.id(),
                    ownText(heading.parent().expectFirst("*"))));
        }
        return passages;
    }

    /** The text of an element without that of the sections in it, and without its heading. */
    private static String ownText(Element element) {
        Element copy = element.clone();
        copy.select("> :is(h2, h3, h4), .sect1, .sect2, .sect3, svg, .sign, .said")
                .remove();
        return copy.text().replaceAll("\\s+", " ");
    }
}
