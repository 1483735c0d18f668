package workshop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import testkit.CheckFailure;
import testkit.CheckRun;
import testkit.Checks;
import testkit.Privileged;
import testkit.Program;
import testkit.Running;

/**
 * The checks against steps with a mistake in them. Each is a patch to a step, in src/test/variants/stepNN, below lines
 * that say which mistake it is, which check must fail first, and what it must say.
 */
@Privileged
class VariantsIT {
    private static final Path VARIANTS = Path.of("src/test/variants");

    @TempDir
    static Path temporary;

    private static ExecutorService workers;
    private static final Map<String, String> TABLE = new TreeMap<>();

    /** @param says part of what the failing check says, and {@code missing} of what it says is likely missing */
    record Variant(Path patch, int step, String mistake, String fails, String says, String missing) {
        static Variant of(Path patch) throws IOException {
            Map<String, String> header = new HashMap<>();
            for (String line : Files.readAllLines(patch)) {
                if (line.isEmpty()) {
                    break;
                }
                String[] field = line.split(": ", 2);
                header.put(field[0], field[1]);
            }
            assertThat(header).as(patch.toString()).containsOnlyKeys("Mistake", "Fails", "Says", "Missing");
            String step = patch.getParent().getFileName().toString().substring("step".length());
            return new Variant(
                    patch,
                    Integer.parseInt(step),
                    header.get("Mistake"),
                    header.get("Fails"),
                    header.get("Says"),
                    header.get("Missing"));
        }

        String name() {
            return VARIANTS.relativize(patch).toString().replace(".patch", "");
        }
    }

    /** How the first check that failed did; null if none did. */
    record Failure(testkit.Check check, String message) {}

    @BeforeAll
    static void start() {
        Running.setLimit(20); // some are meant to wait in vain
        workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    }

    @AfterAll
    static void end() {
        workers.shutdownNow();
        Running.setLimit(Running.LIMIT);
        TABLE.values().forEach(System.out::println);
    }

    private static List<Variant> variants() throws IOException {
        try (Stream<Path> files = Files.walk(VARIANTS)) {
            List<Variant> variants = new ArrayList<>();
            for (Path patch : files.filter(file -> file.toString().endsWith(".patch"))
                    .sorted()
                    .toList()) {
                variants.add(Variant.of(patch));
            }
            return variants;
        }
    }

    @Test
    void eachStepHasFourAtLeast() throws IOException {
        Map<Integer, Long> counts =
                variants().stream().collect(Collectors.groupingBy(Variant::step, Collectors.counting()));
        assertThat(counts).containsOnlyKeys(Steps.all());
        assertThat(counts.values()).allMatch(count -> count >= 4);
    }

    @TestFactory
    Stream<DynamicTest> theRightCheckNamesTheMistake() throws IOException {
        Map<Variant, Future<Failure>> failures = new HashMap<>();
        List<Variant> variants = variants();
        for (Variant variant : variants) {
            failures.put(variant, workers.submit(() -> firstFailure(variant)));
        }
        return variants.stream()
                .map(variant -> dynamicTest(variant.name() + ": " + variant.mistake(), () -> {
                    Failure failure = failures.get(variant).get();
                    assertThat(failure).as("what fails").isNotNull();
                    TABLE.put(
                            variant.name(),
                            String.format(
                                    Locale.ROOT,
                                    "%s: %s%n    %s: %.300s%n    likely missing: %s",
                                    variant.name(),
                                    variant.mistake(),
                                    failure.check().name(),
                                    failure.message().strip().replaceAll("\\s+", " "),
                                    failure.check().missing()));
                    assertThat(failure.check().name()).as(failure.message()).isEqualTo(variant.fails());
                    assertThat(variant.says()).isNotBlank();
                    assertThat(failure.message()).contains(variant.says());
                    assertThat(failure.check().missing()).contains(variant.missing());
                }));
    }

    private static Failure firstFailure(Variant variant) throws IOException, InterruptedException {
        Path folder = temporary.resolve(variant.name());
        StepWithMistake.make(variant.step(), variant.patch(), folder);
        try (CheckRun run = new CheckRun(program(folder.resolve("classes"), variant.step()))) {
            for (testkit.Check check : Checks.upTo(variant.step())) {
                try {
                    run.run(check);
                } catch (CheckFailure e) {
                    return new Failure(check, e.getMessage());
                }
            }
            return null;
        }
    }

    private static Program program(Path classes, int step) throws IOException {
        Path jar = Steps.jar(step);
        List<String> command = new ArrayList<>(Program.ofJar(jar).command());
        command.subList(command.indexOf("-jar"), command.size()).clear();
        command.addAll(
                List.of("--enable-native-access=ALL-UNNAMED", "-cp", classes + ":" + jar, "container.Container"));
        return new Program(command);
    }
}
