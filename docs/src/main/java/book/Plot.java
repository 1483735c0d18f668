package book;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/** Numbers as bars, one below the other, drawn to one scale from zero. */
final class Plot {
    private static final int WIDTH = 410; // a phone's, as for each picture
    private static final int LABELS = 150;
    private static final int NUMBERS = 50;
    private static final int ROW = 24;
    private static final int BAR = 14;

    private Plot() {}

    /** The first column of the table; what is the project's own stands out. */
    static Picture of(Measured measured, Path style) throws IOException {
        Map<String, String> colours = Picture.colours(style);
        String column = measured.columns().keySet().iterator().next();
        double most = measured.rows().stream()
                .mapToDouble(row -> row.numbers().getOrDefault(column, 0.0))
                .max()
                .orElseThrow();
        int height = (measured.rows().size() + 1) * ROW;
        Document document = new Document("");
        document.parser(Parser.xmlParser());
        document.outputSettings().syntax(Document.OutputSettings.Syntax.xml).prettyPrint(false);
        Element svg = document.appendElement("svg")
                .attr("xmlns", "http://www.w3.org/2000/svg")
                .attr("width", "" + WIDTH)
                .attr("height", "" + height)
                .attr("viewBox", String.format(Locale.ROOT, "0 0 %d %d", WIDTH, height));
        text(svg, LABELS, 0, measured.columns().get(column), "start", colours.get("muted"));
        int y = ROW;
        for (Measured.Row row : measured.rows()) {
            double number = row.numbers().getOrDefault(column, 0.0);
            int length = (int) Math.max(1, Math.round(number / most * (WIDTH - LABELS - NUMBERS)));
            String colour = colours.get(row.label().startsWith("./lab") ? "new" : "muted");
            text(svg, LABELS - 8, y, row.label(), "end", colours.get("ink"));
            svg.appendElement("rect")
                    .attr("x", "" + LABELS)
                    .attr("y", "" + (y + (ROW - BAR) / 2))
                    .attr("width", "" + length)
                    .attr("height", "" + BAR)
                    .attr("fill", colour);
            text(svg, LABELS + length + 6, y, row.number(column), "start", colours.get("ink"));
            y += ROW;
        }
        return new Picture(document);
    }

    private static void text(Element svg, int x, int y, String text, String anchor, String colour) {
        svg.appendElement("text")
                .attr("x", "" + x)
                .attr("y", "" + (y + ROW / 2 + 5))
                .attr("text-anchor", anchor)
                .attr("font-size", "14")
                .attr("font-family", "Noto Sans")
                .attr("fill", colour)
                .text(text);
    }
}
