package workshop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ProgressTest {
    private static final Instant TEN = Instant.parse("2026-01-01T10:00:00Z");

    @TempDir
    Path folder;

    private void tell(String name, int step, int passed, String failing, Instant time) throws IOException {
        System.setProperty("user.name", name);
        new CheckResult(step, passed, 18, failing, time).share(folder);
    }

    @Test
    void whoIsBehindComesFirstAndSinceWhenTheyAreThere() throws IOException {
        String user = System.getProperty("user.name");
        try {
            tell("ada", 3, 18, null, TEN);
            tell("bob", 3, 14, "pid-1", TEN);
            tell("bob", 3, 14, "root", TEN.plusSeconds(60));
            tell("bob", 3, 15, "root", TEN.plusSeconds(120));
            tell("cleo", 2, 13, "hostname", TEN);
        } finally {
            System.setProperty("user.name", user);
        }
        assertThat(Progress.attendees(folder))
                .extracting(Progress.Attendee::name)
                .containsExactly("cleo", "bob", "ada");
        Progress.Attendee bob = Progress.attendees(folder).get(1);
        assertThat(bob.last()).isEqualTo(new CheckResult(3, 15, 18, "root", TEN.plusSeconds(120)));
        assertThat(bob.since()).isEqualTo(TEN.plusSeconds(60));
    }

    @Test
    void whatIsHalfWrittenOrHostileHidesNobodyAndReachesNoTerminal() throws Exception {
        Files.write(
                folder.resolve("eve.jsonl"),
                List.of(
                        "{\"name\":\"eve\\u001b[2J\\u202e\\n\",\"step\":2,\"passed\":1,\"of\":9,\"failing\":\"a\\u0007b\\u001b]0;x\","
                                + "\"time\":\"2026-01-01T10:00:00Z\"}",
                        "{\"step\":-1}",
                        "[[[[[",
                        "7",
                        "",
                        "{\"step\":9,\"passed\":9,\"of\":9,\"time\":\"yesterday\"}",
                        "[".repeat(5000),
                        "{\"name\":\"eve\",\"step\":5,\"pas"));
        Files.write(folder.resolve("noise.jsonl"), new byte[] {(byte) 0xff, 0, 27, '\n', (byte) 0xc3});
        Files.createDirectory(folder.resolve("folder.jsonl"));
        Path endless = Files.createSymbolicLink(folder.resolve("endless.jsonl"), Path.of("/dev/zero"));
        Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere.jsonl"), Path.of("/no/such"));
        Files.writeString(folder.resolve("notes.txt"), "no such file");

        PrintStream terminal = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            assertThat(new CommandLine(new Progress()).execute(folder.toString()))
                    .isZero();
        } finally {
            System.setOut(terminal);
            Files.delete(endless); // JUnit would warn of links that leave its directory
            Files.delete(nowhere);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .hasLineCount(2)
                .contains("eve?[2J??", "1 of 9", "a?b?]0;x")
                .doesNotContain("\033", "\007", "\u202e");
    }

    @Test
    void nobodyIsSaidSo() throws IOException {
        assertThat(Progress.attendees(folder)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ada,ada.jsonl",
        "../../etc/passwd,etc-passwd.jsonl",
        ".hidden,hidden.jsonl",
        "'a b',a-b.jsonl",
        "'',somebody.jsonl",
        "Zoë,Zoë.jsonl"
    })
    void aNameIsNoPath(String name, String file) {
        assertThat(CheckResult.fileName(name)).isEqualTo(file);
    }

    @ParameterizedTest
    @CsvSource({"0,now", "59,now", "60,1 min", "7140,119 min", "7200,2 h", "172800,2 days", "-100,now"})
    void sinceIsAsCoarseAsNeeded(long seconds, String since) {
        assertThat(Progress.since(TEN, TEN.plusSeconds(seconds))).isEqualTo(since);
    }
}
