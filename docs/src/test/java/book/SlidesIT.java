package book;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** The slides in a real browser, from their folder, and what is on them. */
@InChromium
class SlidesIT {
    private static final Path BOOK = Path.of(System.getProperty("book"));
    private static final Path SCREENSHOTS = BOOK.resolveSibling("screenshots");
    /** What is cut out of a chapter to be looked at. */
    private static final String SHOWN = ".diff, .listingblock:not(.diff), .transcript, table.xray, svg.picture, .try";

    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        browser = new Browser(BOOK);
    }

    @AfterAll
    static void stop() throws IOException {
        browser.close();
    }

    /** The chapters' pages, by whose names the decks go. */
    static List<String> steps() throws IOException {
        try (Stream<Path> files = Files.list(BOOK)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("step\\d\\d-.*\\.html"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void allThatAChapterShowsIsOnASlideAsItIsThere(String step) throws IOException {
        Document chapter = Jsoup.parse(BOOK.resolve(step));
        Document deck = Jsoup.parse(BOOK.resolve("slides").resolve(step));
        chapter.select("main .patch").remove();
        List<String> shown = texts(chapter.select("#content"), SHOWN);
        assertThat(shown).hasSizeGreaterThan(5);
        assertThat(texts(deck.select("section"), SHOWN)).containsExactlyElementsOf(shown);
        // And no sentence that is not the chapter's, but what the instructors' chapter says.
        String said = squeezed(chapter.select("#content").text());
        String hints = squeezed(Jsoup.parse(BOOK.resolve("instructors.html")).text());
        for (Element paragraph : deck.select(".slide-content > .paragraph, aside > .paragraph, aside li")) {
            assertThat(said).contains(squeezed(paragraph.text()));
        }
        for (Element hint : deck.select("aside .hint")) {
            assertThat(hints).contains(squeezed(hint.text().replaceFirst(".*?; .*?: ", "")));
        }
        assertThat(deck.select("section#" + chapter.body().expectFirst("h1").id() + "-check li"))
                .as("questions")
                .isNotEmpty();
        assertThat(deck.select("aside .hint")).as("hints").hasSizeGreaterThanOrEqualTo(5);
        // Every sentence of the chapter is shown or said.
        String all = squeezed(deck.text());
        for (Element paragraph : chapter.select("#content > * .paragraph > p, #content li > p, #content dd > p")) {
            assertThat(all).contains(squeezed(paragraph.text()));
        }
    }

    private static List<String> texts(List<Element> within, String selector) {
        Set<Element> found = new LinkedHashSet<>();
        within.forEach(element -> found.addAll(element.select(selector)));
        return found.stream()
                .filter(element -> found.stream()
                        .noneMatch(
                                other -> other != element && element.parents().contains(other)))
                .map(element ->
                        squeezed(element.tagName().equals("svg") ? element.attr("aria-label") : element.wholeText()))
                .toList();
    }

    private static String squeezed(String text) {
        return text.replaceAll("[\\s\u200b]+", "");
    }

    @ParameterizedTest
    @MethodSource("steps")
    void everySlideFitsTheScreenAndIsReachedByTheKeyboard(String step) throws IOException {
        browser.requests();
        browser.console();
        open(step);
        long slides = (long) browser.run("return Reveal.getTotalSlides()");
        assertThat(slides).isGreaterThan(10);
        List<String> sizes = new ArrayList<>();
        Set<Object> seen = new LinkedHashSet<>();
        for (int i = 0; i < slides; i++) {
            seen.add(browser.run("return JSON.stringify(Reveal.getIndices())"));
            String slide = step + " #" + browser.text("Reveal.getCurrentSlide().id");
            assertThat((List<?>) browser.run("""
                    const slide = Reveal.getCurrentSlide();
                    const inside = slide.getBoundingClientRect();
                    return [...slide.querySelectorAll('*:not(aside, aside *)')]
                        .filter(element => {
                          const box = element.getBoundingClientRect();
                          return box.width > 1 && (box.right > inside.right + 1 || box.bottom > inside.bottom + 1
                              || (element.matches('pre') && element.scrollWidth > element.clientWidth + 1));
                        })
                        .map(element => element.tagName + '.' + element.className)
                    """)).as("too large for %s", slide).isEmpty();
            Object size = browser.run("""
                    const text = Reveal.getCurrentSlide().querySelector('.slide-content :is(pre, td, p)');
                    return text ? Math.round(parseFloat(getComputedStyle(text).fontSize)
                        * (text.currentCSSZoom ?? 1)) : 99;
                    """);
            sizes.add(slide + ": " + size + " px");
            assertThat((long) size).as("type of %s, in pixels of 720", slide).isGreaterThanOrEqualTo(13);
            browser.screenshot(SCREENSHOTS.resolve("slides/" + step.replace(".html", "") + "-" + (i + 1) + ".png"));
            press(Keys.SPACE);
        }
        System.out.println(sizes);
        assertThat(seen).hasSize((int) slides);
        press(Keys.HOME);
        browser.until("the first slide", () -> Boolean.TRUE.equals(browser.run("return Reveal.isFirstSlide()")));
        List<String> requests = browser.requests();
        requests.removeIf(url -> url.startsWith("data:"));
        assertThat(requests).allMatch(url -> url.startsWith("file:")).anyMatch(url -> url.endsWith("reveal.js"));
        assertThat(browser.console()).isEmpty();
    }

    private static void open(String step) {
        browser.open("slides/" + step, 1280, 720);
        browser.until("reveal.js", () -> Boolean.TRUE.equals(browser.run("return Reveal.isReady()")));
        browser.run("document.activeElement.blur()");
    }

    private static void press(CharSequence... keys) {
        new Actions(browser.driver()).sendKeys(keys).perform();
    }

    @Test
    void theNotesAreInAWindowOfTheirOwnAndFollow() throws IOException {
        stop(); // a browser of its own, for the window goes on talking to whoever is where its deck was
        start();
        open(steps().get(2));
        press(Keys.SPACE);
        // The driver waits for ever for a window whose document is written by another.
        browser.run("const open = window.open; window.open = (...where) => window.notes = open(...where);");
        press("s");
        String said = "notes.document.querySelector('.speaker-controls-notes .value')?.innerText ?? ''";
        String hint = Jsoup.parse(BOOK.resolve("slides").resolve(steps().get(2)))
                .expectFirst("#step03-end aside .hint")
                .text();
        browser.until("the time for it", () -> browser.text(said).contains(hint));
        press(Keys.SPACE);
        browser.until("the next notes", () -> browser.text(said).contains("Two walls in one step"));
        browser.run("notes.close()");
        stop();
        start();
    }
}
