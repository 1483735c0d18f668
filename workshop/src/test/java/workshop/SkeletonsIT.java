package workshop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import testkit.CheckFailure;
import testkit.CheckRun;
import testkit.Checks;
import testkit.Privileged;
import testkit.Program;
import workshop.MyContainer.Made;
import workshop.code.Compiled;

/** What ./lab start makes fails the step's checks, and keeps the promises of the step before. */
@Privileged
class SkeletonsIT {
    @TempDir
    static Path directory;

    /** A check that the skeleton of step N fails, and what it says. */
    private static final Map<Integer, List<String>> FAILING = Map.of(
            1, List.of("exit-code", "the exit code of false, 1, became 125"),
            2, List.of("uts-namespace", "its UTS namespace is the host's"),
            3, List.of("root", "its root is the host's, /"),
            4, List.of("mount-namespace", "its mount namespace is the host's"),
            5, List.of("pids-max", "it is in no cgroup of its own"),
            6, List.of("overlay", "its root is no overlay"));

    private static Program skeleton(int step) throws IOException {
        Path classes = Files.createDirectories(directory.resolve("" + step));
        Compiled.into(classes, new MyContainer(Lab.checkout()).sources(step, Made.SKELETON));
        List<String> command = Program.ofJar(Steps.jar(step)).command().stream()
                .takeWhile(word -> !word.equals("-jar"))
                .toList();
        return new Program(Stream.concat(
                        command.stream(),
                        Stream.of("-cp", classes + File.pathSeparator + Steps.jar(step), "container.Container"))
                .toList());
    }

    private static testkit.Check check(int step, String name) {
        return Checks.of(step).stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyStepHasOne() throws IOException {
        assertThat(FAILING.keySet()).containsExactlyInAnyOrderElementsOf(Steps.all());
    }

    /** Those of the step before, on one host; what is older cannot have gone without them. */
    @TestFactory
    Stream<DynamicContainer> passTheStepBeforeAndFailTheirOwn() throws IOException {
        return Steps.all().stream().map(step -> dynamicContainer("step " + step, tests(step)));
    }

    private static Stream<DynamicTest> tests(int step) {
        AtomicReference<CheckRun> run = new AtomicReference<>();
        return Stream.of(
                        Stream.of(dynamicTest("compiles", () -> run.set(new CheckRun(skeleton(step))))),
                        Checks.of(step - 1).stream()
                                .map(check -> dynamicTest(
                                        "passes " + check.name(),
                                        () -> assertThat(run.get().run(check)).isNotEmpty())),
                        Stream.of(dynamicTest(
                                "fails " + FAILING.get(step).get(0), () -> assertThatThrownBy(() -> run.get()
                                                .run(check(
                                                        step, FAILING.get(step).get(0))))
                                        .isInstanceOf(CheckFailure.class)
                                        .hasMessageContaining(FAILING.get(step).get(1)))),
                        Stream.of(dynamicTest("ends", () -> run.get().close())))
                .flatMap(tests -> tests);
    }
}
