package book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import workshop.code.Call;
import workshop.code.Checkout;

/** The built handouts: a page for each step, and what has to be on it. */
class HandoutsIT {
    private static final Path BOOK = Path.of(System.getProperty("book"));
    private static final Checkout CHECKOUT = new Checkout(Path.of(System.getProperty("lab.home")));

    static List<String> steps() throws IOException {
        try (Stream<Path> files = Files.list(BOOK)) {
            List<String> steps = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("step\\d\\d-.*\\.html"))
                    .map(name -> name.replace(".html", ""))
                    .sorted()
                    .toList();
            assertThat(steps).hasSize(CHECKOUT.steps().size());
            return steps;
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aHandoutIsOnePageWithAllThatIsNeeded(String step) throws IOException {
        int number = Integer.parseInt(step.substring(4, 6));
        Document chapter = Jsoup.parse(BOOK.resolve(step + ".html"));
        try (PDDocument pdf =
                Loader.loadPDF(BOOK.resolve("handouts/" + step + ".pdf").toFile())) {
            assertThat(pdf.getNumberOfPages()).isEqualTo(1);
            assertThat(pdf.getPage(0).getMediaBox().getHeight()).isCloseTo(PDRectangle.A4.getHeight(), offset(1f));
            String id = String.format(Locale.ROOT, "#step%02d-", number);
            String text = squeezed(new PDFTextStripper().getText(pdf));
            assertThat(text).contains(squeezed(chapter.expectFirst("h1").text()));
            for (Element goal : chapter.select("h2" + id + "end ~ .sectionbody > .paragraph p")) {
                assertThat(text).contains(squeezed(goal.text()));
            }
            List<Element> questions = chapter.select("h2" + id + "check ~ .sectionbody li p");
            assertThat(questions).hasSizeGreaterThanOrEqualTo(3);
            for (Element question : questions) {
                assertThat(text).contains(squeezed(question.text()));
            }
            List<Call> calls = CHECKOUT.calls(number);
            assertThat(calls).isNotEmpty();
            for (Call call : calls) {
                assertThat(text).contains(squeezed(call.text()), squeezed(call.page()), squeezed(call.does()));
            }
            for (Element row : chapter.select("table.xray tr:has(.flipped)")) {
                for (Element cell : row.select("td, th")) {
                    assertThat(text).contains(squeezed(cell.text()));
                }
            }
            List<Element> typed = chapter.select("h2" + id + "run ~ .sectionbody .transcript kbd.typed");
            assertThat(typed).isNotEmpty();
            assertThat(typed).anySatisfy(command -> assertThat(text).contains(squeezed(command.text())));
            assertThat(text).contains("./labcheck" + number);
            PDResources resources = pdf.getPage(0).getResources();
            assertThat(resources.getFontNames()).isNotEmpty();
            for (COSName font : resources.getFontNames()) {
                assertThat(resources.getFont(font).isEmbedded())
                        .as(font.getName())
                        .isTrue();
            }
            Path screenshot = BOOK.resolveSibling("screenshots/handout-" + step + ".png");
            Files.createDirectories(screenshot.getParent());
            ImageIO.write(new PDFRenderer(pdf).renderImageWithDPI(0, 100), "png", screenshot.toFile());
        }
    }

    private static String squeezed(String text) {
        return text.replaceAll("[\\s\\p{Z}\\p{Cf}]+", "");
    }
}
