package book;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.asciidoctor.Attributes;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;
import org.asciidoctor.log.Severity;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Console sessions in the book, by the extension that AsciidoctorJ finds itself. */
class TranscriptMacroTest extends AsciidoctorTest {
    @BeforeEach
    void transcripts() throws IOException {
        keep("one", "", "[host] lab-host# echo '<b> {x} ...' # why\n<b> {x} ...\n");
        keep("limits.v1", ":cgroup: v1\n", "[host] # cat pids.max\n20\n");
        keep("limits.v2", ":cgroup: v2\n", "[host] # cat pids.max\n20\n");
        keep("two", ":panes: container, host\n", """
                [container] lab-host# ./lab run 3 sh
                Running [sh] as 4711
                [container running] / # sleep 100

                [host hidden] lab-host# until pgrep sleep; do :; done
                4712
                [host] lab-host# hostname
                lab-host

                [container] ^C
                """);
        keep("hidden", ":panes: container, host\n", "[host hidden] # true\n\n[container] # ls\n");
    }

    private void keep(String name, String attributes, String typed) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("docs/transcripts"));
        Files.writeString(folder.resolve(name + ".txt"), ":title: What is seen\n" + attributes + "\n" + typed);
    }

    private Options options(String backend) {
        return Options.builder()
                .backend(backend)
                .safe(SafeMode.UNSAFE)
                .toDir(directory.resolve("book").toFile())
                .mkDirs(true)
                .attributes(Attributes.builder()
                        .attribute("checkout", directory.toString())
                        .attribute("source-highlighter", "rouge")
                        .build())
                .build();
    }

    private Element html(String source) throws IOException {
        Path chapter = Files.writeString(directory.resolve("chapter.adoc"), source);
        asciidoctor.convertFile(chapter.toFile(), options("html5"));
        return Jsoup.parse(directory.resolve("book/chapter.html")).expectFirst("#content");
    }

    @Test
    void onePane() throws IOException {
        Element transcript = html("transcript::one[]\n").expectFirst(".transcript");
        assertThat(transcript.expectFirst(".title").text()).isEqualTo("What is seen");
        Element pre = transcript.expectFirst("pre");
        assertThat(pre.wholeText()).isEqualTo("lab-host# echo '<b> {x} ...' # why\n<b> {x} ...\n");
        assertThat(pre.attr("data-copy")).isEqualTo("echo '<b> {x} ...' # why");
        assertThat(pre.select(".prompt").text()).isEqualTo("lab-host#");
        assertThat(pre.expectFirst("kbd.typed").text()).isEqualTo("echo '<b> {x} ...' # why");
        assertThat(pre.expectFirst("samp").text()).isEqualTo("<b> {x} ...");
        assertThat(pre.select(".when")).isEmpty();
        assertThat(log).isEmpty();
    }

    @Test
    void twoPanesSayInWhichOrderWasTyped() throws IOException {
        Element transcript = html("transcript::two[]\n").expectFirst(".transcript");
        assertThat(transcript.select(".pane").eachAttr("aria-label"))
                .containsExactly("terminal: container", "terminal: host");
        Element container = transcript.select("pre").get(0);
        Element host = transcript.select("pre").get(1);
        assertThat(container.select(".when").eachText()).containsExactly("1", "2", "4");
        assertThat(host.select(".when").eachText()).containsExactly("3");
        assertThat(host.wholeText()).isEqualTo("3lab-host# hostname\nlab-host\n");
        assertThat(container.attr("data-copy")).isEqualTo("./lab run 3 sh\nsleep 100");
        assertThat(container.select("kbd.key").text()).isEqualTo("^C");
    }

    @Test
    void bothVariantsOrOneByItsName() throws IOException {
        assertThat(html("transcript::limits[]\n").select(".transcript > .title").eachText())
                .containsExactly("What is seen (cgroup v2)", "What is seen (cgroup v1)");
        assertThat(html("transcript::limits.v1[]\n")
                        .select(".transcript > .title")
                        .eachText())
                .containsExactly("What is seen (cgroup v1)");
    }

    @Test
    void itsTitleMayBeAnotherAndAPaneThatIsHiddenIsNotShown() throws IOException {
        Element transcript = html(".Another\ntranscript::hidden[]\n").expectFirst(".transcript");
        assertThat(transcript.expectFirst(".title").text()).isEqualTo("Another");
        assertThat(transcript.select(".pane .name").eachText()).containsExactly("container");
        assertThat(transcript.select(".when")).isEmpty();
    }

    @Test
    void inAPdfPanesAreListings() throws IOException {
        Path chapter = Files.writeString(directory.resolve("chapter.adoc"), "transcript::two[]\n\ntranscript::one[]\n");
        asciidoctor.convertFile(chapter.toFile(), options("pdf"));
        assertThat(directory.resolve("book/chapter.pdf")).isNotEmptyFile();

        assertThat(asciidoctor.loadFile(chapter.toFile(), options("pdf")).findBy(Map.of("context", ":listing")))
                .extracting(listing -> listing.getTitle() + "\n" + listing.getContent())
                .containsExactly(
                        "What is seen: container\n[1] lab-host# <strong>./lab run 3 sh</strong>\nRunning [sh] as 4711\n"
                                + "[2] / # <strong>sleep 100</strong>\n[4] <strong>^C</strong>",
                        "host\n[3] lab-host# <strong>hostname</strong>\nlab-host",
                        "What is seen\nlab-host# <strong>echo '&lt;b&gt; {x} ...' # why</strong>\n&lt;b&gt; {x} ...");
        assertThat(log).isEmpty();
    }

    @Test
    void oneThatIsNotThereIsAnErrorWithItsLineAndNearNames() throws IOException {
        html("= Chapter\n\nText.\n\ntranscript::limit[]\n");
        assertError("there is no transcript 'limit'; near it are [limits.v", 5);
    }

    @Test
    void oneThatCannotBeReadIsAnErrorWithBothLines() throws IOException {
        keep("wrong", ":color: red\n", "[host] # ls\n");
        html("= Chapter\n\nText.\n\ntranscript::wrong[]\n");
        assertError("docs/transcripts/wrong.txt:2: ':color: red' is no attribute", 5);
    }

    private void assertError(String message, int line) {
        assertThat(log).singleElement().satisfies(error -> {
            assertThat(error.getSeverity()).isEqualTo(Severity.ERROR);
            assertThat(error.getMessage()).contains(message);
            assertThat(error.getCursor().getPath()).isEqualTo("chapter.adoc");
            assertThat(error.getCursor().getLineNumber()).isEqualTo(line);
        });
    }
}
