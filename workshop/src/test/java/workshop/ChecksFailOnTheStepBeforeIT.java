package workshop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import testkit.CheckFailure;
import testkit.Checks;
import testkit.Privileged;
import testkit.Program;

/** A check that passes where its idea is not there yet would be no check. */
@Privileged
class ChecksFailOnTheStepBeforeIT {
    private static final int LAST = 6;

    /** What a check of step N must say of step N - 1. */
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("uts-namespace", "its UTS namespace is the host's"),
            Map.entry("hostname", "hostname prints lab-host inside"),
            Map.entry("environment", "it has the host's environment"),
            Map.entry("sigterm", "run has ended, and the command runs on"),
            Map.entry("sigkill", "run has ended, and the command runs on"),
            Map.entry("pid-1", "in its PID namespace"),
            Map.entry("root", "its root is the host's, /"),
            Map.entry("working-directory", "its working directory is outside of its root"),
            Map.entry("proc", "/proc shows the processes"),
            Map.entry("mount-namespace", "its mount namespace is the host's"),
            Map.entry("private-mounts", "the host sees"),
            Map.entry("no-mount-left", "left on the host"),
            Map.entry("pids-max", "it is in no cgroup of its own"),
            Map.entry("fork-bomb", "only the guard of 400 processes around this check held the bomb"),
            Map.entry("low-limit", "Unknown option: '--pids-limit'"),
            Map.entry("memory", "Unknown option: '--memory'"),
            Map.entry("cgroup-removed", "it is in no cgroup of its own"),
            Map.entry("overlay", "its root is no overlay"),
            Map.entry("layers-untouched", "the root file system itself was written to"),
            Map.entry("layers-shared", "one container reads what the other wrote"),
            Map.entry("layer-order", "Unknown option: '--layer'"),
            Map.entry("keep", "Unknown option: '--keep'"));

    @Test
    void everyCheckFromStep2OnHasAReason() {
        assertThat(IntStream.rangeClosed(2, LAST).boxed().flatMap(step -> Checks.of(step).stream()))
                .extracting(testkit.Check::name)
                .containsExactlyInAnyOrderElementsOf(REASONS.keySet());
    }

    @TestFactory
    Stream<DynamicTest> fail() {
        return IntStream.rangeClosed(2, LAST).boxed().flatMap(step -> Checks.of(step).stream()
                .map(check -> dynamicTest(step + " " + check.name() + " on step " + (step - 1), () -> {
                    Program before = Program.ofJar(Steps.jar(step - 1));
                    assertThatThrownBy(() -> check.run(before))
                            .isInstanceOf(CheckFailure.class)
                            .hasMessageContaining(REASONS.get(check.name()));
                })));
    }
}
