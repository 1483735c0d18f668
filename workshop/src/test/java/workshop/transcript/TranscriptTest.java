package workshop.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import workshop.transcript.Transcript.Entry;

class TranscriptTest {
    private static final String TEXT = """
            :title: Two panes
            :step: 3
            :panes: container, host
            :scrub: pid, inner-pid
            :limit: 5

            [container] lab-host# ./lab run 3 sh
            Running [sh] as 4711

            [1] is no pane
            [container running] / # sleep 100; echo '$ '

            [host hidden] lab-host# until pgrep sleep; do :; done
            [host] lab-host# echo # one

            [container] ^C
            """;

    private static Transcript parse(String text) throws IOException {
        return Transcript.parse(Path.of("some.v1.txt"), text);
    }

    @Test
    void whatIsReadIsWrittenTheSame() throws Exception {
        assertThat(parse(TEXT).text()).isEqualTo(TEXT);
    }

    @Test
    void aTypedLineIsAPromptAndAnInput() throws Exception {
        Transcript transcript = parse(TEXT);
        assertThat(transcript.panes()).containsExactly("container", "host");
        assertThat(transcript.limit()).isEqualTo(5);
        assertThat(transcript.entries())
                .extracting(Entry::line, Entry::prompt, Entry::input)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(7, "lab-host# ", "./lab run 3 sh"),
                        org.assertj.core.groups.Tuple.tuple(11, "/ # ", "sleep 100; echo '$ '"),
                        org.assertj.core.groups.Tuple.tuple(13, "lab-host# ", "until pgrep sleep; do :; done"),
                        org.assertj.core.groups.Tuple.tuple(14, "lab-host# ", "echo # one"),
                        org.assertj.core.groups.Tuple.tuple(16, "", "^C"));
        assertThat(transcript.entries().get(0).output()).containsExactly("Running [sh] as 4711", "", "[1] is no pane");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ":titel: x                         | :1: ':titel: x' is no attribute",
                ":step: 3                          | :1: it has no :title:",
                ":title: x;:step: three            | :2: 'three' is no number",
                ":title: x;:panes: a b             | :2: 'a b' is no pane's name",
                ":title: x;:scrub: pid, all        | :2: there is no rule 'all'; there are [pid, ",
                ":title: x;:cgroup: v2             | :2: its file's name must end with .v2.txt",
                ":title: x;;hello                  | :3: a typed line is wanted here",
                ":title: x;;[guest] # ls           | :3: a typed line is wanted here, as in [host] # ls",
                ":title: x                         | :2: nothing is typed in it",
                ":title: x;;[host] # cat;[host] ^C | :4: it has no prompt, so the line before it is not waited for",
                ":title: x;:columns: 9;;[host] # 12345678 | :4: it is longer than the terminal is wide",
            })
    void aMistakeIsToldWithItsFileAndLine(String lines, String message) {
        assertThatThrownBy(() -> parse(lines.replace(';', '\n')))
                .isInstanceOf(TranscriptException.class)
                .hasMessageStartingWith("some.v1.txt" + message);
    }

    @Test
    void anUnknownNameTellsTheNearest(@TempDir Path checkout) throws Exception {
        Path folder = Files.createDirectories(checkout.resolve("docs/transcripts"));
        for (String name : List.of("step05-limits.v1", "step05-limits.v2", "step01-run", "step03-root")) {
            Files.writeString(
                    folder.resolve(name + ".txt"),
                    ":title: x\n:cgroup: v1\n\n[host] # ls\n"
                            .replace(
                                    ":cgroup: v1\n",
                                    name.contains(".") ? ":cgroup: " + name.replaceFirst(".*\\.", "") + "\n" : ""));
        }
        Transcripts transcripts = new Transcripts(checkout);
        assertThat(transcripts.variants("step05-limits"))
                .extracting(Transcript::name)
                .containsExactly("step05-limits.v2", "step05-limits.v1");
        assertThat(transcripts.variants("step03-root")).hasSize(1);
        assertThatThrownBy(() -> transcripts.variants("step3-roots"))
                .hasMessageContaining("there is no transcript 'step3-roots'; near it are [step03-root, ");
    }

    @Test
    void aTerminalShowsNoControlSequencesAndNoTabs() {
        assertThat(Terminal.text("/ # \033[6nls\r\n\033[1;34mbin\033[m\r\n")).isEqualTo("/ # ls\nbin\n");
        assertThat(Terminal.withoutTabs("a\tb\t12345678\tc")).isEqualTo("a       b       12345678        c");
    }
}
