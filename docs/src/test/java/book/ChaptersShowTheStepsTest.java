package book;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.asciidoctor.Attributes;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import workshop.code.Checkout;
import workshop.code.Line;
import workshop.code.Piece;
import workshop.code.StepDiff;

/** A step's chapter shows every line by which the step differs from the one before, in pieces of which none is long. */
class ChaptersShowTheStepsTest extends AsciidoctorTest {
    private static final int LONG = 20;

    static List<Path> chapters() throws IOException {
        try (Stream<Path> files = Files.list(CHECKOUT.resolve("docs/chapters"))) {
            List<Path> chapters = files.filter(
                            file -> file.getFileName().toString().matches("step\\d\\d-.*\\.adoc"))
                    .filter(file -> number(file) > 1)
                    .sorted()
                    .toList();
            assertThat(chapters).hasSize(new Checkout(CHECKOUT).steps().size() - 1);
            return chapters;
        }
    }

    private static int number(Path chapter) {
        return Integer.parseInt(chapter.getFileName().toString().substring(4, 6));
    }

    @ParameterizedTest
    @MethodSource("chapters")
    void allThatDiffersIsShown(Path chapter) throws IOException {
        int step = number(chapter);
        String steps = (step - 1) + ".." + step;
        Set<String> shown = html(chapter).select(".diff[data-diff=" + steps + "] :is(ins, del)").stream()
                .map(line -> line.closest(".diff").attr("data-file") + ":" + line.attr("data-line") + " "
                        + line.expectFirst(".sign").text().replace('−', '-'))
                .collect(toSet());
        List<String> missing = new ArrayList<>();
        StepDiff diff = new Checkout(CHECKOUT).diff(step - 1, step);
        for (Piece piece : diff.pieces()) {
            for (Line line : diff.changes(List.of(piece.name()))) {
                String where = piece.file() + ":" + (line.after() > 0 ? line.after() : line.before()) + " "
                        + line.kind().sign();
                if (!piece.name().endsWith(".imports") && !line.text().isBlank() && !shown.contains(where)) {
                    missing.add(piece.name() + " " + where + line.text());
                }
            }
        }
        assertThat(missing)
                .as("lines that differ in %s, and no diff::%s[] of %s shows", steps, steps, chapter)
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("chapters")
    void noPieceIsLong(Path chapter) throws IOException {
        for (Element diff : html(chapter).select(".diff")) {
            assertThat(diff.select(".line:not(.fold)").eachText())
                    .as("lines of %s in %s", diff.expectFirst(".title").text(), chapter)
                    .hasSizeLessThanOrEqualTo(LONG);
        }
    }

    private static Document html(Path chapter) {
        Options options = Options.builder()
                .backend("html5")
                .safe(SafeMode.UNSAFE)
                .attributes(Attributes.builder()
                        .attribute("checkout", CHECKOUT.toString())
                        .attribute("source-highlighter", "rouge")
                        .build())
                .toFile(false)
                .build();
        return Jsoup.parse(asciidoctor.convertFile(chapter.toFile(), options));
    }
}
