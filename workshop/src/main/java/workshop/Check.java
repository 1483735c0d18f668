package workshop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import testkit.CheckFailure;
import testkit.CheckRun;
import testkit.Checks;
import testkit.Program;

@Command(
        name = "check",
        description = "See whether a step's container isolates what it should: the kernel's evidence, one line each.")
final class Check implements Callable<Integer> {
    @Parameters(paramLabel = "STEP", description = "The step, by its number.")
    int step;

    @Option(names = "--against", paramLabel = "JAR", description = "Check this program instead of the step's own.")
    Path against;

    @Option(names = "--only", paramLabel = "NAME", description = "Only the check of this name; may be repeated.")
    List<String> only = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        Path jar = against == null ? Steps.jar(step) : against;
        if (!Files.isRegularFile(jar)) {
            throw new IOException(jar + ": no such program");
        }
        System.out.println("Checking " + jar);
        List<testkit.Check> checks = Checks.upTo(step).stream()
                .filter(check -> only.isEmpty() || only.contains(check.name()))
                .toList();
        int failures = 0;
        try (CheckRun run = new CheckRun(Program.ofJar(jar))) {
            for (testkit.Check check : checks) {
                try {
                    print("@|green ok    |@", check, run.run(check));
                } catch (CheckFailure e) {
                    failures++;
                    print(
                            "@|bold,red NOT OK|@",
                            check,
                            e.getMessage() + "\n         likely missing: " + check.missing());
                }
            }
        }
        System.out.println(
                failures == 0
                        ? "All " + checks.size() + " checks passed."
                        : failures + " of " + checks.size() + " checks failed.");
        return failures == 0 ? 0 : 1;
    }

    private static void print(String outcome, testkit.Check check, String evidence) {
        System.out.println(
                Ansi.AUTO.string(outcome) + " " + check.step() + " " + check.name() + ": " + check.promise());
        System.out.println("         " + evidence);
    }
}
