package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syscalls.Leftovers;
import syscalls.Linux;
import testkit.Checks;
import testkit.Privileged;

/** {@code lab verify} on this machine, for the quickest step. */
@Privileged
class VerifyIT {
    @TempDir
    Path directory;

    record Result(int status, List<String> output, String error) {}

    private Result verify(String... arguments) throws IOException, InterruptedException {
        Path error = directory.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                                Stream.of(
                                        ProcessHandle.current().info().command().orElseThrow(),
                                        "-Dlab.home=" + Lab.checkout(),
                                        "-jar",
                                        System.getProperty("jar"),
                                        "verify",
                                        "--step",
                                        "1"),
                                Stream.of(arguments))
                        .toList())
                .redirectError(error.toFile());
        builder.environment().put("LAB_HOME", directory.resolve("home").toString());
        builder.environment().merge("PATH", directory.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        Process lab = builder.start();
        lab.getOutputStream().close();
        List<String> output =
                new String(lab.getInputStream().readAllBytes(), UTF_8).lines().toList();
        assertThat(lab.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return new Result(lab.exitValue(), output, Files.readString(error));
    }

    /** One that stands before others of its name. */
    private void program(String name, String script) throws IOException {
        Path program = Files.createDirectories(directory.resolve("bin")).resolve(name);
        Files.writeString(program, "#!/bin/bash\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aStepThatWorksIsReadyAndTheReportHasEachTrial() throws Exception {
        Path report = directory.resolve("report.json");
        Result result = verify("--report", report.toString());
        assertThat(result.output().get(result.output().size() - 1))
                .as("" + result.output())
                .startsWith("READY: all ");
        int checks = Checks.upTo(1).size();
        assertThat(result.output())
                .anyMatch(line -> line.matches(
                        "step 1 +1 of 1 +3 of 3 +" + checks + " of " + checks + " +(\\d+) of \\1 +1 of 1 +\\d+ s"));
        assertThat(result.status()).isZero();
        JsonNode json = new ObjectMapper().readTree(report.toFile());
        assertThat(json.get("ready").asBoolean()).isTrue();
        assertThat(json.get("machine").get("cgroups").asText()).matches("v[12]");
        assertThat(json.get("trials"))
                .filteredOn(trial -> trial.get("column").asText().equals("checks"))
                .extracting(trial -> trial.get("name").asText())
                .containsExactlyElementsOf(
                        Checks.upTo(1).stream().map(testkit.Check::name).toList());
    }

    @Test
    void whereSomethingIsWrongItIsNotReadyAndSaysWhat() throws Exception {
        Files.createDirectories(directory.resolve("home/rootfs"));
        Path report = directory.resolve("report.html");
        Result result = verify("--report", report.toString());
        assertThat(result.output().get(result.output().size() - 1))
                .as("" + result.output())
                .startsWith("NOT READY: 1 of ");
        assertThat(result.output()).anyMatch(line -> line.startsWith("NOT OK  doctor, doctor, rootfs: "));
        assertThat(result.status()).isEqualTo(1);
        assertThat(report).content().contains("<tr class=failed><td>doctor<td>doctor<td>rootfs<td>NOT OK");
    }

    /** And a group that is left is told, but not one that another run, which lives, has made meanwhile. */
    @Test
    void aTerminalThatNobodyReadsIsAFailedTrialAndNotTheEnd() throws Exception {
        Path left = Linux.cgroupHierarchy("pids").resolve("container-" + Leftovers.newId());
        Path used = left.resolveSibling("container-" + Leftovers.newId());
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", "" + fifo).start().waitFor()).isZero();
        program("script", "case $* in *always*) printf 'lab-host# ' ;; *) exec /usr/bin/script \"$@\" ;; esac");
        String make = "mkdir " + left + " " + used + "; flock " + used + " cat " + fifo + " >/dev/null 2>&1 &";
        program("sh", "case $* in *'echo hello'*) " + make + " esac; exec -a sh /bin/sh \"$@\"");
        Result result;
        try {
            result = verify();
        } finally {
            new RandomAccessFile(fifo.toFile(), "rw").close(); // its reader, if there is one, comes to the end
            Files.deleteIfExists(left);
            Files.deleteIfExists(used);
        }
        assertThat(result.error()).isEmpty();
        assertThat(result.output())
                .anyMatch(line -> line.matches("NOT OK  step 1, transcripts, [^:]*: nobody reads.*"))
                .anyMatch(line -> line.matches("NOT OK  step 1, clean-up, [^:]*: left behind: " + left));
        assertThat(result.output().get(result.output().size() - 1)).startsWith("NOT READY: ");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void aReportOfNoKnownKindOrAnUnknownStepIsOneLine() throws Exception {
        Result result = verify("--report", "report.txt");
        assertThat(result.error())
                .isEqualTo("lab: --report report.txt: its name must end in .html or .json; see ./lab verify --help\n");
        assertThat(result.status()).isEqualTo(2);
        result = verify("--step", "9");
        assertThat(result.error()).startsWith("lab: there is no step 9").hasLineCount(1);
        assertThat(result.status()).isEqualTo(2);
    }
}
