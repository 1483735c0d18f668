package book;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** The built pages in a real browser, from their folder. */
@InChromium
class PagesIT {
    private static final Path BOOK = Path.of(System.getProperty("book"));
    private static final Path SCREENSHOTS = BOOK.resolveSibling("screenshots");
    private static final int PHONE = 360;

    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        browser = new Browser(BOOK);
    }

    @AfterAll
    static void stop() throws IOException {
        browser.close();
    }

    static List<String> pages() throws IOException {
        try (Stream<Path> files = Files.list(BOOK)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".html"))
                    .sorted()
                    .toList();
        }
    }

    static List<String> chapters() throws IOException {
        return pages().stream().filter(page -> !page.equals("book.html")).toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void nothingIsFetchedAndNothingComplains(String page) {
        browser.requests();
        browser.console();
        browser.open(page);
        browser.run("scrollTo(0, document.body.scrollHeight)");
        List<String> requests = browser.requests();
        assertThat(requests).anyMatch(url -> url.endsWith("search.js"));
        requests.removeIf(url -> url.startsWith("data:"));
        assertThat(requests).allMatch(url -> url.startsWith("file:"));
        assertThat(browser.console()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void aPhoneScrollsOnlyDown(String page) throws IOException {
        browser.open(page, PHONE, 740);
        String tooWide = """
                return [...document.querySelectorAll('body *')]
                    .filter(element => element.getBoundingClientRect().right > innerWidth + 0.5
                        && !element.closest('pre, .scroll, .unseen'))
                    .map(element => element.tagName + '.' + element.className)
                """;
        assertThat(browser.run("return document.documentElement.scrollWidth"))
                .as(() -> "wider than the screen: " + browser.run(tooWide))
                .isEqualTo((long) PHONE);
        if (!page.equals("book.html")) {
            browser.screenshot(picture(page, "phone"));
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everybodyCanUseIt(String page) throws IOException {
        boolean whole = page.equals("book.html");
        for (String theme : whole ? List.of("light") : List.of("light", "dark")) {
            browser.open(page);
            browser.system(theme);
            browser.until("theme", () -> theme.equals(browser.text("document.documentElement.dataset.theme")));
            AxeBuilder axe = new AxeBuilder();
            List<String> colours = List.of("color-contrast", "link-in-text-block");
            if (whole) {
                axe.disableRules(colours); // its chapters' have been looked at, and all at once take a minute
            } else if (theme.equals("dark")) {
                axe.withRules(colours); // the others do not see colours
            }
            assertThat(axe.analyze(browser.driver()).getViolations())
                    .as("axe-core, " + theme)
                    .extracting(PagesIT::explain)
                    .isEmpty();
            if (!whole) {
                browser.screenshot(picture(page, theme));
            }
        }
    }

    private static Path picture(String page, String what) {
        return SCREENSHOTS.resolve(page.replace(".html", "-" + what + ".png"));
    }

    private static String explain(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + ": "
                + rule.getNodes().stream()
                        .limit(5)
                        .map(node -> node.getHtml()
                                + node.getAny().stream()
                                        .map(check -> " (" + check.getMessage() + ")")
                                        .collect(Collectors.joining()))
                        .collect(Collectors.joining("; "));
    }

    @ParameterizedTest
    @MethodSource("chapters")
    void copyingTakesTheCodeOrTheCommandsAndNothingElse(String page) throws IOException {
        List<String> expected = new ArrayList<>();
        for (Element pre : Jsoup.parse(BOOK.resolve(page)).select("main pre:not([data-nocopy] pre)")) {
            if (pre.hasAttr("data-copy")) {
                pre.select(".sign, .said").remove();
                List<String> toCopy = pre.select("kbd.typed, ins.line").stream()
                        .map(Element::wholeText)
                        .flatMap(String::lines)
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
                assertThat(pre.attr("data-copy").lines().map(String::strip).filter(line -> !line.isEmpty()))
                        .containsExactlyElementsOf(toCopy);
                expected.add(pre.attr("data-copy"));
            } else {
                pre.select(".conum, .conum + b").remove();
                expected.add(pre.wholeText().lines().map(String::stripTrailing).collect(Collectors.joining("\n")));
            }
        }
        browser.open(page);
        Object copied = browser.await("""
                const copied = [];
                for (const button of document.querySelectorAll('.copy')) {
                    await navigator.clipboard.writeText('');
                    button.click();
                    while (!button.hasAttribute('data-copied')) await new Promise(requestAnimationFrame);
                    copied.push(await navigator.clipboard.readText());
                }
                return copied;
                """);
        expected.removeIf(String::isEmpty);
        assertThat(copied).isEqualTo(expected);
    }

    @Test
    void copyingWorksWithoutTheClipboardToo() {
        browser.open("step01-exec.html");
        browser.run("window.clipboard = navigator.clipboard;"
                + "Object.defineProperty(navigator, 'clipboard', {value: undefined});");
        var button = browser.driver().findElement(By.cssSelector("main .copy"));
        new Actions(browser.driver()).moveToElement(button).click().perform();
        browser.until("said", () -> browser.text("document.getElementById('status').textContent")
                .startsWith("Copied"));
        String code = (String) browser.run("return document.querySelector('main .copyable > pre').textContent");
        String copied = (String) browser.await("return await clipboard.readText()");
        assertThat(copied).isNotBlank();
        assertThat(code).contains(copied.lines().findFirst().orElseThrow());
        assertThat(browser.run("return document.activeElement.className")).isEqualTo("copy");
    }

    @Test
    void theThemeIsTheSystemsUntilTheSwitchIsUsedAndThatIsRemembered() {
        browser.open("index.html");
        String light = background();
        browser.system("dark");
        browser.until("the system's theme is followed", () -> !background().equals(light));
        String dark = background();
        browser.driver().findElement(By.id("theme")).click();
        assertThat(background()).isEqualTo(light);
        browser.driver().navigate().refresh();
        assertThat(background()).isEqualTo(light);
        browser.driver().findElement(By.cssSelector(".turn [rel=next]")).click();
        assertThat(background()).isEqualTo(light);
        assertThat(pressed()).isEqualTo("false");
        browser.driver().findElement(By.id("theme")).click();
        assertThat(background()).isEqualTo(dark);
        assertThat(pressed()).isEqualTo("true");
    }

    private static String background() {
        return browser.text("getComputedStyle(document.body).backgroundColor");
    }

    private static String pressed() {
        return browser.driver().findElement(By.id("theme")).getDomAttribute("aria-pressed");
    }

    @Test
    void theKeyboardReachesEverything() {
        browser.open("index.html");
        List<String> reached = new ArrayList<>();
        for (int i = 0; i < 60 && !reached.contains("next"); i++) {
            press(Keys.TAB);
            reached.add(browser.text(
                    "(e => e.id || e.rel || e.className || e.tagName.toLowerCase())(document.activeElement)"));
            assertThat(browser.text("getComputedStyle(document.activeElement).outlineStyle"))
                    .as("focus is seen on " + reached.get(i))
                    .isNotEqualTo("none");
        }
        assertThat(reached).startsWith("skip", "home", "search", "theme").endsWith("next");

        browser.open("index.html");
        press(Keys.TAB, Keys.ENTER);
        assertThat(browser.text("document.activeElement.id")).isEqualTo("main");
        press("n");
        browser.until("the next page", () -> !browser.driver().getCurrentUrl().contains("index.html"));
        press(Keys.ARROW_LEFT);
        browser.until("the page before", () -> browser.driver().getCurrentUrl().contains("index.html"));
        press("/", "n");
        assertThat(browser.run("return document.activeElement.value")).isEqualTo("n");
        press(Keys.ESCAPE);
        assertThat(browser.run("return document.activeElement.value")).isEqualTo("");
    }

    private static void press(CharSequence... keys) {
        new Actions(browser.driver()).sendKeys(keys).perform();
    }

    @Test
    void searchFindsAWordOfEachChapter() throws IOException {
        browser.open("index.html");
        ownWords().forEach((chapter, word) -> {
            press("/", word);
            var first = browser.driver().findElement(By.cssSelector("#results a"));
            assertThat(first.getDomProperty("href")).as(word).contains("/" + chapter);
            assertThat(first.findElement(By.tagName("mark")).getText()).isEqualToIgnoringCase(word);
            press(Keys.ESCAPE);
            browser.run("document.activeElement.blur()");
        });
        Map.Entry<String, String> last =
                ownWords().entrySet().stream().max(Map.Entry.comparingByKey()).orElseThrow();
        press("/", last.getValue());
        press(Keys.ARROW_DOWN, Keys.ENTER);
        browser.until("the page found", () -> browser.driver().getCurrentUrl().contains(last.getKey()));
        press("/", "nosuchword");
        assertThat(browser.text("document.getElementById('status').textContent"))
                .isEqualTo("Nothing found");
    }

    /** For each chapter, a long word of its prose that is in no other, code included. */
    private static Map<String, String> ownWords() throws IOException {
        Map<String, String> prose = new LinkedHashMap<>();
        Map<String, String> pages = new LinkedHashMap<>();
        for (String chapter : chapters()) {
            Element main = Jsoup.parse(BOOK.resolve(chapter)).selectFirst("main");
            prose.put(chapter, main.select("p").text().toLowerCase(Locale.ROOT));
            pages.put(chapter, main.text().toLowerCase(Locale.ROOT));
        }
        String all = Files.readString(BOOK.resolve("search.js")).toLowerCase(Locale.ROOT);
        Map<String, String> own = new LinkedHashMap<>();
        prose.forEach((chapter, text) -> own.put(
                chapter,
                Arrays.stream(text.split("[^a-z]+"))
                        .filter(word -> pages.values().stream()
                                        .filter(page -> page.contains(word))
                                        .count()
                                == 1)
                        .filter(all::contains)
                        .max(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()))
                        .orElseThrow()));
        return own;
    }
}
