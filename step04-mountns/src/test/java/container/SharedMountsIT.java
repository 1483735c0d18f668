package container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import testkit.Check;
import testkit.CheckFailure;
import testkit.Checks;
import testkit.Privileged;
import testkit.Program;

/** What the line with MS_PRIVATE is for, with unshare(1) in the step's place. */
@Privileged
class SharedMountsIT {
    private final Check privateMounts = Checks.of(4).stream()
            .filter(check -> check.name().equals("private-mounts"))
            .findFirst()
            .orElseThrow();

    /** A program for {@code run sleep 1000} that mounts in a namespace of its own, however mounts propagate there. */
    private static Program program(String propagation) {
        return new Program(List.of(
                "unshare",
                "--mount",
                "--propagation",
                propagation,
                "sh",
                "-c",
                "mount -t proc proc rootfs/proc; shift; exec \"$@\"",
                "java"));
    }

    @Test
    void aNewNamespaceAloneSharesItsMountsWithTheHost() {
        assertThatThrownBy(() -> privateMounts.run(program("unchanged")))
                .isInstanceOf(CheckFailure.class)
                .hasMessageContaining("the host sees")
                .hasMessageContaining("/rootfs/proc");
    }

    @Test
    void madePrivateItKeepsThemToItself() throws Exception {
        assertThat(privateMounts.run(program("private"))).contains("none of them on the host");
    }
}
