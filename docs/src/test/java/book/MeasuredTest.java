package book;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was measured, as the book shows it. */
class MeasuredTest {
    private static final Path STYLE = Path.of("pictures/style.iuml");

    @TempDir
    Path checkout;

    @BeforeEach
    void measured() throws IOException {
        Files.createDirectories(checkout.resolve("docs/measured"));
        Files.writeString(checkout.resolve("docs/measured/start.json"), """
                {"machine": {"kernel": "6.1.0", "jdk": "17.0.15"},
                 "columns": {"median": "median, ms", "child": "child, MiB"},
                 "rows": [{"name": "bare", "label": "a bare JVM", "median": 100.4, "child": null},
                          {"name": "step6", "label": "./lab run 6 true", "median": 200.0, "child": 47.25},
                          {"name": "unshare", "label": "unshare", "median": 5.66, "child": 0.057}]}
                """);
    }

    @Test
    void eachNumberHasAName() throws IOException {
        assertThat(Measured.attributes(checkout))
                .hasSize(7)
                .containsEntry("start-kernel", "6.1.0")
                .containsEntry("start-bare-median", "100")
                .containsEntry("start-step6-child", "47")
                .containsEntry("start-unshare-median", "5.7")
                .containsEntry("start-unshare-child", "0.06")
                .doesNotContainKey("start-bare-child");
    }

    @Test
    void withoutAnythingMeasuredThereAreNoNumbers() throws IOException {
        assertThat(Measured.attributes(checkout.resolve("elsewhere"))).isEmpty();
    }

    @Test
    void theBarsAreAsLongAsTheNumbers() throws IOException {
        Document svg = Jsoup.parse(
                Plot.of(Measured.read(checkout, "start"), STYLE).forPage("words", STYLE), "", Parser.xmlParser());
        assertThat(svg.select("svg.picture[role=img][aria-label=words][viewBox]"))
                .hasSize(1);
        assertThat(svg.outerHtml()).doesNotContainPattern("#[0-9A-Fa-f]{6}|font-family");
        assertThat(svg.select("rect")).hasSize(3);
        int bare = width(svg, 0);
        int step = width(svg, 1);
        assertThat(step).isBetween(2 * bare - 3, 2 * bare + 3);
        assertThat(width(svg, 2)).isBetween(step * 5 / 200, step * 7 / 200);
        assertThat(svg.select("rect.fill-new")).hasSize(1);
        assertThat(svg.select("text").eachText()).contains("median, ms", "a bare JVM", "100", "5.7");
        assertThat(Integer.parseInt(svg.expectFirst("svg").attr("width"))).isLessThanOrEqualTo(415);
        for (Element text : svg.select("text[text-anchor=start]")) {
            assertThat(Integer.parseInt(text.attr("x"))).isLessThan(375); // room for four digits
        }
    }

    private static int width(Document svg, int bar) {
        return Integer.parseInt(svg.select("rect").get(bar).attr("width"));
    }
}
