package book;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.Attributes;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;
import org.asciidoctor.log.LogRecord;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code picture::} and {@code xray::}, and what is in the pictures. */
class PicturesTest {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PICTURES = CHECKOUT.resolve("docs/pictures");
    private static final Path STYLE = PICTURES.resolve("style.iuml");

    /** The calls of `child` by the names that they have in syscalls. */
    private static final Map<String, String> CALLS = Map.of("dieWithParent", "prctl", "execvpe", "execve");

    private static final List<LogRecord> LOG = new ArrayList<>();
    private static Asciidoctor asciidoctor;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        asciidoctor = Asciidoctor.Factory.create();
        asciidoctor.registerLogHandler(LOG::add);
    }

    @AfterAll
    static void end() {
        asciidoctor.close();
    }

    private static Document html(String text) {
        LOG.clear();
        Options options = Options.builder()
                .safe(SafeMode.UNSAFE)
                .attributes(Attributes.builder()
                        .attribute("checkout", CHECKOUT.toString())
                        .build())
                .build();
        return Jsoup.parse(asciidoctor.convert(text, options));
    }

    static List<Path> pictures() throws IOException {
        try (Stream<Path> files = Files.list(PICTURES)) {
            return files.filter(file -> file.toString().endsWith(".puml"))
                    .sorted()
                    .toList();
        }
    }

    private static Document page(Path source) throws IOException {
        return Jsoup.parse(new Picture(source).forPage("words", STYLE), "", Parser.xmlParser());
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void aPictureHasNoColourFontOrSizeThatThePageCannotChange(Path source) throws IOException {
        Document page = page(source);
        assertThat(page.select("svg[role=img][aria-label=words][viewBox]")).hasSize(1);
        assertThat(page.outerHtml())
                .doesNotContainPattern("#[0-9A-Fa-f]{3,8}\\b")
                .doesNotContainPattern("url\\(|<script|<style|<title|font-family|stroke:|\\bid=|<!--|<\\?|PlantUML");
        String css = Files.readString(CHECKOUT.resolve("docs/style/picture.css"));
        for (Element element : page.select("[class]")) {
            for (String name : element.classNames()) {
                assertThat(css).contains("." + name + " {");
            }
        }
        // At 360 px it is shrunk, and has to stay legible.
        assertThat(Integer.parseInt(page.expectFirst("svg").attr("width"))).isLessThanOrEqualTo(415);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void aPictureIsTheSameEachTime(Path source) throws IOException {
        Picture picture = new Picture(source);
        Picture again = new Picture(source);
        assertThat(again.forPage("words", STYLE)).isEqualTo(picture.forPage("words", STYLE));
        assertThat(again.forPrint()).isEqualTo(picture.forPrint()).contains("fill=\"#", "Noto Sans");
    }

    /** Digits of its own, or an i of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"ar-EG", "fa-IR", "tr-TR"})
    void whatItShowsIsTheSameInAnyLanguageOfTheUser(String language) throws Exception {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Duser.language=" + language.split("-")[0],
                        "-Duser.country=" + language.split("-")[1],
                        "-cp",
                        System.getProperty("java.class.path"),
                        PicturesTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(new String(java.getInputStream().readAllBytes(), UTF_8)).isEqualTo(sample());
        assertThat(java.waitFor()).isZero();
    }

    private static String sample() {
        return html("transcript::step06-whiteout[]\n\nxray::5[]\n\npicture::step06-walls[words]\n\nplot::start[words]\n\n"
                        + "diff::2..3[Child.run]\n")
                .outerHtml();
    }

    public static void main(String[] args) {
        start();
        new PrintStream(System.out, true, UTF_8).print(sample());
        end();
    }

    @Test
    void whatPlantUmlDoesNotUnderstandIsNamedWithItsLine() throws IOException {
        Path broken = directory.resolve("broken.puml");
        Files.writeString(broken, "@startuml\na -> b\nthis is no picture\n@enduml\n");
        assertThatThrownBy(() -> new Picture(broken))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("docs/pictures/broken.puml:3: ");
        Files.writeString(broken, "@startuml\n!include nowhere.iuml\n@enduml\n");
        assertThatThrownBy(() -> new Picture(broken))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("docs/pictures/broken.puml:2: ");
        Files.writeString(broken, "nothing\n");
        assertThatThrownBy(() -> new Picture(broken)).hasMessageStartingWith("docs/pictures/broken.puml:1: ");
    }

    @Test
    void aColourWithoutANameIsRefused() throws IOException {
        Path source = Files.writeString(directory.resolve("red.puml"), "@startuml\na -[#red]> b\n@enduml\n");
        assertThatThrownBy(() -> new Picture(source).forPage("words", STYLE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not in style.iuml");
    }

    @Test
    void thePicturesColoursAreThePagesInTheLightTheme() throws IOException {
        String css = Files.readString(CHECKOUT.resolve("docs/style/book.css"));
        String picture = Files.readString(CHECKOUT.resolve("docs/style/picture.css"));
        List<MatchResult> colours = Pattern.compile("!\\$([A-Z]+) = \"([0-9A-F]{6})\"")
                .matcher(Files.readString(STYLE))
                .results()
                .toList();
        assertThat(colours).isNotEmpty();
        for (MatchResult colour : colours) {
            String name = colour.group(1).toLowerCase(Locale.ROOT);
            MatchResult variable = Pattern.compile("\\.fill-" + name + " \\{ fill: var\\((--[a-z-]+)\\)")
                    .matcher(picture)
                    .results()
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name + " is not in picture.css"));
            assertThat(css)
                    .as(name)
                    .contains(variable.group(1) + ": light-dark(#"
                            + colour.group(2).toLowerCase(Locale.ROOT) + ",");
        }
    }

    /** What `child` does is drawn as its source has it, in the same order; and so are the flags of unshare. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6})
    void theCallsAreThoseOfTheSource(int step) throws IOException {
        List<String> drawn = page(PICTURES.resolve("step0" + step + "-calls.puml"))
                .select("text")
                .eachText();
        List<String> calls = drawn.subList(drawn.indexOf("waitpid()") + 1, drawn.indexOf("is now sleep")).stream()
                .filter(text -> text.matches("\\w+\\(.*"))
                .map(text -> text.replaceFirst("\\(.*", ""))
                .toList();
        String child = source(step, "Child.java");
        String body = child.substring(child.indexOf("public void run()"), child.indexOf("environment()"));
        List<String> expected = Pattern.compile(
                        "\\b(dieWithParent|sethostname|open|mount|chroot|chdir|write|umount2|execvpe)\\(")
                .matcher(body)
                .results()
                .map(call -> CALLS.getOrDefault(call.group(1), call.group(1)))
                .toList();
        assertThat(calls).isEqualTo(expected);

        Pattern flag = Pattern.compile("CLONE_\\w+");
        String run = source(step, "Run.java");
        String unshare = run.substring(run.indexOf("unshare(CLONE"));
        assertThat(flag.matcher(String.join(" ", drawn)).results().map(MatchResult::group))
                .containsExactlyElementsOf(flag.matcher(unshare.substring(0, unshare.indexOf(';')))
                        .results()
                        .map(MatchResult::group)
                        .toList());
    }

    private static String source(int step, String file) throws IOException {
        try (Stream<Path> folders = Files.list(CHECKOUT)) {
            Path folder = folders.filter(path -> path.getFileName().toString().startsWith("step0" + step + "-"))
                    .findFirst()
                    .orElseThrow();
            return Files.readString(folder.resolve("src/main/java/container").resolve(file));
        }
    }

    @Test
    void theWordsMayHaveCommasAndQuotes() {
        Document html = html("picture::way[First, a \"command\"; then <walls>.]");
        assertThat(html.select("svg.picture").attr("aria-label")).isEqualTo("First, a \"command\"; then <walls>.");
        assertThat(LOG).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "picture::nowhere[words], docs/pictures/nowhere.puml: no such picture",
        "picture::way[], has to be said in words",
        "plot::nowhere[words], docs/measured/nowhere.json: no such file",
        "plot::start[], has to be said in words",
        "measured::nowhere[title], docs/measured/nowhere.json: no such file",
        "measured::start[], what it is has to be said",
        "xray::9[], docs/xray/step09.json: no such file",
        "xray::two[], docs/xray/two: no such file",
    })
    void aMistakeIsAnErrorWithItsLine(String macro, String message) {
        html("Text.\n\n" + macro + "\n\nMore.");
        assertThat(LOG).hasSize(1);
        assertThat(LOG.get(0).getMessage()).contains(message);
        assertThat(LOG.get(0).getSeverity()).hasToString("ERROR");
        assertThat(LOG.get(0).getCursor().getLineNumber()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, ''",
        "2, 2, 0, hostname",
        "3, 4, 2, PID",
        "4, 2, 6, mnt namespace",
        "5, 6, 8, pids cgroup",
        "6, 1, 14, file system of the root",
    })
    void theRowsThatAStepFlippedSaySoInWords(int step, int flipped, int differ, String first) {
        Document table = html("xray::" + step + "[]");
        assertThat(LOG).isEmpty();
        assertThat(table.select("thead th").eachText()).containsExactly("what", "host", "container", "compared");
        assertThat(table.select("tbody tr > :first-child").is("th")).isTrue();
        assertThat(table.select("tr:contains(new in this step)")).hasSize(flipped);
        assertThat(table.select("td:last-child:contains(differs)")).hasSize(differ);
        assertThat(table.select("tr:contains(new in this step) th").stream()
                        .map(Element::text)
                        .findFirst()
                        .orElse(""))
                .isEqualTo(first);
    }
}
