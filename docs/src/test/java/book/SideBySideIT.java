package book;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** The pages of {@code ./lab diff M N --html FILE} in a real browser. */
@InChromium
class SideBySideIT {
    private static final Path CHECKOUT = Path.of(System.getProperty("lab.home"));
    private static final Path SCREENSHOTS = Path.of(System.getProperty("book")).resolveSibling("screenshots");

    @TempDir
    static Path directory;

    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        browser = new Browser(directory);
    }

    @AfterAll
    static void stop() throws IOException {
        browser.close();
    }

    private static String lab(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Dlab.home=" + CHECKOUT,
                "-jar",
                CHECKOUT.resolve("workshop/target/lab.jar").toString()));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        Process lab = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(lab.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return lab.exitValue() + " " + Files.readString(output);
    }

    private static Path page(int from, int to, String... pieces) throws Exception {
        Path page = directory.resolve("from" + from + "to" + to + ".html");
        List<String> arguments = new ArrayList<>(List.of("diff", "" + from, "" + to));
        arguments.addAll(List.of(pieces));
        arguments.addAll(List.of("--html", page.toString()));
        assertThat(lab(arguments.toArray(String[]::new))).isEqualTo("0 file://" + page + "\n");
        return page;
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 3", "4, 5", "5, 6", "6, 1"})
    void theTwoSidesAreTheTwoStepsAndTheWordsTheTerminals(int from, int to) throws Exception {
        Element page = Jsoup.parse(page(from, to));
        for (Element file : page.select("section.diff")) {
            String name = file.expectFirst("h2").text();
            assertThat(side(file, 1)).isEqualTo(source(from, name));
            assertThat(side(file, 3)).isEqualTo(source(to, name));
        }
        String terminal = lab("diff", "" + from, "" + to, "--color=never");
        assertThat(page.select("h3")).isNotEmpty();
        for (Element head : page.select("h3")) {
            head.select("code:not(:first-child)").forEach(code -> code.text("`" + code.text() + "`"));
            assertThat(terminal.lines()).contains(head.text());
        }
        assertThat(page.select("tbody ins.line")).hasSize((int)
                terminal.lines().filter(line -> line.matches(" {2}\\+.*")).count());
        assertThat(page.select("tbody del.line")).hasSize((int)
                terminal.lines().filter(line -> line.matches(" {2}-.*")).count());
    }

    /** @param number which cell of a row has the line's number; the next one has the line */
    private static String side(Element file, int number) {
        return file.select("tbody tr").stream()
                .filter(row -> !row.child(number - 1).text().isEmpty())
                .map(row -> {
                    Element line = row.child(number).clone();
                    line.select(".sign, .said").remove();
                    return line.wholeText() + "\n";
                })
                .collect(joining());
    }

    private static String source(int step, String file) throws IOException {
        Path source = new workshop.code.Checkout(CHECKOUT).step(step).resolve(file);
        return Files.exists(source) ? Files.readString(source) : "";
    }

    @Test
    void itIsForEverybodyAndFetchesNothing() throws Exception {
        String page = page(4, 5).getFileName().toString();
        for (String theme : List.of("light", "dark")) {
            browser.requests();
            browser.console();
            browser.open(page);
            browser.system(theme);
            browser.until("theme", () -> theme.equals(browser.text("document.documentElement.dataset.theme")));
            browser.run("document.querySelectorAll('details').forEach(fold => fold.open = true)");
            assertThat(new AxeBuilder().analyze(browser.driver()).getViolations())
                    .extracting(Rule::toString)
                    .isEmpty();
            browser.screenshot(SCREENSHOTS.resolve("side-by-side-" + theme + ".png"));
            List<String> requests = browser.requests();
            requests.removeIf(url -> url.startsWith("data:"));
            assertThat(requests).allMatch(url -> url.startsWith("file:"));
            assertThat(browser.console()).isEmpty();
        }
        for (int width : List.of(360, 1280)) {
            browser.open(page, width, 740);
            assertThat(browser.run("return document.documentElement.scrollWidth"))
                    .isEqualTo((long) width);
        }
    }

    @Test
    void theKeyboardGoesFromPieceToPieceAndUnfolds() throws Exception {
        browser.open(page(2, 3).getFileName().toString(), 1280, 500);
        List<String> heads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            press("n");
            heads.add(browser.text("document.activeElement.id"));
        }
        assertThat(heads).containsExactly("Child.imports", "Child.rootfs", "Child.run");
        press("p");
        assertThat(browser.text("document.activeElement.id")).isEqualTo("Child.rootfs");
        String open = "return document.querySelectorAll('details[open]').length";
        browser.driver().findElement(By.tagName("summary")).sendKeys(Keys.ENTER);
        assertThat(browser.run(open)).isEqualTo(1L);
        press("o");
        assertThat(browser.run(open)).isEqualTo(browser.run("return document.querySelectorAll('details').length"));
        press("o");
        assertThat(browser.run(open)).isEqualTo(0L);
    }

    private static void press(CharSequence... keys) {
        new Actions(browser.driver()).sendKeys(keys).perform();
    }

    @Test
    void onlyWhatIsAskedForAndOneLineForAMistake() throws Exception {
        Element page = Jsoup.parse(page(2, 3, "Child.run"));
        assertThat(page.select("h3").eachText()).hasSize(1).allMatch(head -> head.startsWith("Child.run: "));
        assertThat(lab(
                        "diff",
                        "2",
                        "3",
                        "--html",
                        directory.resolve("no/such/folder.html").toString()))
                .isEqualTo("1 lab: " + directory.resolve("no/such/folder.html") + ": NoSuchFile\n");
        assertThat(Jsoup.parse(page(3, 3)).text()).contains("Nothing differs.");
    }
}
