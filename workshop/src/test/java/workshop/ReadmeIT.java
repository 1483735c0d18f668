package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README says in numbers. */
class ReadmeIT {
    @Test
    void theTableOfStepsCountsTheirChangedLines() throws IOException {
        List<Path> steps;
        try (Stream<Path> folders = Files.list(Lab.checkout())) {
            steps = folders.filter(folder -> folder.getFileName().toString().matches("step\\d\\d-.*"))
                    .sorted()
                    .toList();
        }
        List<String> rows = Files.readAllLines(Lab.checkout().resolve("README.md")).stream()
                .filter(line -> line.startsWith("| [") && line.contains("](step"))
                .toList();

        assertThat(rows).hasSameSizeAs(steps);
        for (int i = 0; i < steps.size(); i++) {
            assertThat(rows.get(i)).contains("](" + steps.get(i).getFileName() + ")");
            if (i > 0) {
                assertThat(rows.get(i)).endsWith("| " + changedLines(steps.get(i - 1), steps.get(i)) + " |");
            }
        }
    }

    private static String changedLines(Path before, Path after) throws IOException {
        Process git = new ProcessBuilder(
                        "env",
                        "LC_ALL=C",
                        "git",
                        "diff",
                        "--no-index",
                        "--shortstat",
                        before + "/src/main",
                        after + "/src/main")
                .start();
        String stat = git.inputReader(UTF_8).readLine();
        return "+" + number("(\\d+) insertion", stat) + " −" + number("(\\d+) deletion", stat);
    }

    private static String number(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
    }
}
