package book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The built PDF: bookmarks, page numbers, and a glyph for every character. */
class PdfIT {
    private static final Path BOOK = Path.of(System.getProperty("book"));

    private static PDDocument pdf;
    private static List<String> chapters;

    @BeforeAll
    static void open() throws IOException {
        pdf = Loader.loadPDF(BOOK.resolve("book.pdf").toFile());
        chapters = Jsoup.parse(BOOK.resolve("index.html"))
                .select(".contents .list > ol > li > a")
                .eachText();
    }

    @AfterAll
    static void close() throws IOException {
        pdf.close();
    }

    private static String text(int page) throws IOException {
        PDFTextStripper text = new PDFTextStripper();
        text.setSortByPosition(true);
        text.setStartPage(page);
        text.setEndPage(page);
        return text.getText(pdf);
    }

    @Test
    void aBookmarkLeadsToEachChapter() throws IOException {
        List<String> titles = new ArrayList<>();
        for (PDOutlineItem item : pdf.getDocumentCatalog().getDocumentOutline().children()) {
            titles.add(item.getTitle().strip());
            if (chapters.contains(item.getTitle())) {
                int page = pdf.getPages().indexOf(item.findDestinationPage(pdf)) + 1;
                assertThat(text(page)).contains(item.getTitle());
            }
        }
        assertThat(titles).containsAll(chapters);
    }

    @Test
    void itIsA4WithPageNumbersAndTheChapterAbove() throws IOException {
        assertThat(pdf.getPage(0).getMediaBox().getWidth()).isCloseTo(PDRectangle.A4.getWidth(), offset(1f));
        int first = firstOf(chapters.get(1));
        String second = text(first + 1);
        assertThat(second.lines().limit(2)).anyMatch(line -> line.contains(chapters.get(1)));
        assertThat(second.strip().lines().reduce((one, other) -> other))
                .hasValueSatisfying(last -> assertThat(last).matches("\\d+"));
        Path screenshot = BOOK.resolveSibling("screenshots/pdf-page.png");
        Files.createDirectories(screenshot.getParent());
        ImageIO.write(new PDFRenderer(pdf).renderImageWithDPI(first, 100), "png", screenshot.toFile());
    }

    private static int firstOf(String chapter) throws IOException {
        for (PDOutlineItem item : pdf.getDocumentCatalog().getDocumentOutline().children()) {
            if (item.getTitle().equals(chapter)) {
                return pdf.getPages().indexOf(item.findDestinationPage(pdf)) + 1;
            }
        }
        throw new AssertionError(chapter);
    }

    @Test
    void everyCharacterOfThePagesIsThere() throws IOException {
        Set<String> printed = special(new PDFTextStripper().getText(pdf));
        Set<String> shown = special(Jsoup.parse(BOOK.resolve("book.html"))
                .select("#content :is(p, td, pre:not(.diff pre))")
                .text());
        shown.removeAll(Set.of("\u200b", "\u00a0"));
        assertThat(printed).containsAll(shown);
    }

    private static Set<String> special(String text) {
        Set<String> characters = new TreeSet<>();
        text.codePoints()
                .filter(character -> character > 127 && !Character.isWhitespace(character))
                .forEach(character -> characters.add(Character.toString(character)));
        return characters;
    }
}
