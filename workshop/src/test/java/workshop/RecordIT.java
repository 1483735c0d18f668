package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import syscalls.Leftovers;
import syscalls.Linux;
import testkit.Host;
import testkit.Privileged;

/** {@code lab record} in a checkout of its own. */
@Privileged
class RecordIT {
    @TempDir
    Path checkout;

    private Path folder;

    record Result(long pid, int status, String output, String error) {}

    @BeforeEach
    void folder() throws IOException {
        folder = Files.createDirectories(checkout.resolve("docs/transcripts"));
    }

    private Result lab(String... arguments) throws Exception {
        return labWith(List.of(), arguments);
    }

    private Result labWith(List<String> options, String... arguments) throws Exception {
        Path error = checkout.resolve("stderr");
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(options);
        command.addAll(List.of("-Dlab.home=" + checkout, "-jar", System.getProperty("jar"), "record"));
        command.addAll(List.of(arguments));
        Process lab = new ProcessBuilder(command).redirectError(error.toFile()).start();
        lab.getOutputStream().close();
        String output = new String(lab.getInputStream().readAllBytes(), UTF_8);
        assertThat(lab.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Result(lab.pid(), lab.exitValue(), output, Files.readString(error));
    }

    private Path transcript(String name, String typed) throws IOException {
        return Files.writeString(folder.resolve(name + ".txt"), ":title: x\n:limit: 2\n\n" + typed);
    }

    @Test
    void aTranscriptIsRecordedAndThenTheSame() throws Exception {
        Path file =
                transcript("tty", "[host] lab-host# tty | sed 's/[0-9]/N/'; hostname\n[host] lab-host# stty size\n");
        assertThat(lab("tty").output()).startsWith("tty: changed").contains("+/dev/pts/N");
        assertThat(file).content().endsWith("hostname\n/dev/pts/N\nlab-host\n[host] lab-host# stty size\n24 80\n");
        Result again = lab("--check");
        assertThat(again.output()).startsWith("tty: the same").hasLineCount(1);
        assertThat(again.status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar", "fa", "tr"})
    void itIsTheSameInAnyLanguage(String language) throws Exception {
        Files.writeString(folder.resolve("language.txt"), """
                :title: x
                :panes: one, other
                :scrub: pid

                [one] lab-host# sh -c 'echo PID $$'
                [other hidden] lab-host# true
                """);
        assertThat(lab("language").error()).isEmpty();
        assertThat(labWith(List.of("-Duser.language=" + language), "--check").output())
                .matches("language: the same \\(\\d\\.\\d s\\)\n");
    }

    @Test
    void aStaleTranscriptIsFoundAndLeftAsItIs() throws Exception {
        Path file = transcript("stale", "[host] lab-host# echo new\nold\n");
        String before = Files.readString(file);
        Result result = lab("--check", "stale");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains(
                        "stale: DIFFERENT",
                        "docs/transcripts/stale.txt:5: from here on",
                        "--- docs/transcripts/stale.txt",
                        "@@ -2,4 +2,4 @@",
                        "\n-old\n+new\n");
        assertThat(file).content().isEqualTo(before);
    }

    @Test
    void aKeyEndsWhatIsNotWaitedFor() throws Exception {
        Path file = Files.writeString(folder.resolve("keys.txt"), """
                :title: x
                :panes: one, other

                [one running] lab-host# sleep 54321
                [other hidden] lab-host# until pgrep -f 'sleep 5432[1]'; do :; done
                [one] ^C
                [one] lab-host# echo $?
                """);
        assertThat(lab("keys").error()).isEmpty();
        assertThat(file).content().endsWith("[one] ^C\n[one] lab-host# echo $?\n130\n");
    }

    @Test
    void oneThatHangsIsStoppedAndLeavesNothing() throws Exception {
        Path file = transcript(
                "hangs", "[host] lab-host# sleep 98765 & mount -t tmpfs tmpfs /mnt\n[host] lab-host# sleep 98766\n");
        Result result = lab("hangs");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.error())
                .startsWith("lab: " + file + ":5: stopped: no end of 'sleep 98766' within 2 s")
                .endsWith("lab-host# sleep 98766\n");
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse("")))
                .noneMatch(command -> command.contains("sleep 9876"));
        for (Path parent :
                List.of(Path.of("/var/tmp"), Linux.cgroupHierarchy("pids"), Linux.cgroupHierarchy("memory"))) {
            assertThat(Leftovers.leftovers(parent, Host.NAME + "-")).isEmpty();
        }
    }

    @Test
    void anotherPromptThanIsWrittenIsToldAtOnce() throws Exception {
        Path file = transcript("prompt", "[host] lab-host# true\n[host] / # ls\n");
        assertThat(lab("prompt").error()).startsWith("lab: " + file + ":5: the prompt is not '/ # '");
    }

    @Test
    void aTerminalThatEndsIsToldAtOnce() throws Exception {
        Path file = transcript("ends", "[host] lab-host# exit\n[host] lab-host# ls\n");
        assertThat(lab("ends").error()).startsWith("lab: " + file + ":4: 'exit' has ended the terminal");
    }

    @Test
    void anUnknownNameIsOneLineWithTheNearest() throws Exception {
        transcript("step03-ps", "[host] lab-host# ps\n");
        Result result = lab("step3-ps");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.error())
                .isEqualTo("lab: " + folder.resolve("step3-ps.txt")
                        + ": there is no transcript 'step3-ps'; near it are [step03-ps]\n");
    }
}
