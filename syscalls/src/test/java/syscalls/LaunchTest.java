package syscalls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether a scene's command has ended shows in its output: that ends when the last process has which inherited it. It
 * goes through cat(1), because Java closes the output of a process of its own as soon as that one has ended. The
 * command would take a minute, the tests give up before.
 */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class LaunchTest {
    private Process scene;

    @AfterEach
    void end() {
        if (scene != null) {
            scene.descendants().forEach(ProcessHandle::destroyForcibly);
            scene.destroyForcibly();
        }
    }

    @Test
    void theBodysExceptionComesThroughUnwrapped() throws Exception {
        assertThat(Ended.of(Ended.scene("launch, failing")))
                .isEqualTo(new Ended(3, "java.io.IOException: from the body\n"));
    }

    @Test
    void whatTheBodyUnsharesTheCallerKeeps() throws Exception {
        Needs.root();

        Ended ended = Ended.of(Ended.scene("launch and unshare"));

        assertThat(ended.status()).as(ended.output()).isEqualTo(7);
        List<String> lines = ended.output().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(1)).startsWith("uts:").endsWith(" inside").isNotEqualTo(lines.get(0));
        assertThat(lines.get(2)).as("PID in its namespace").isEqualTo("1");
        assertThat(lines.get(3)).isEqualTo(lines.get(0));
    }

    @Test
    void sigtermEndsTheCommandAndRunsFinallyBlocks() throws Exception {
        try (BufferedReader output = start("launch")) {
            scene.toHandle().destroy();

            assertThat(output.lines()).containsExactly("cleaned up");
            assertThat(scene.waitFor()).isEqualTo(143);
        }
    }

    @Test
    void aSecondSigtermChangesNothing() throws Exception {
        try (BufferedReader output = start("launch")) {
            scene.toHandle().destroy();
            scene.toHandle().destroy();

            assertThat(output.lines()).containsExactly("cleaned up");
            assertThat(scene.waitFor()).isEqualTo(143);
        }
    }

    @Test
    void sigtermBeforeTheSpawnEndsTheCommandAsSoonAsItIsThere() throws Exception {
        try (BufferedReader output = start("launch, busy before the spawn")) {
            scene.toHandle().destroy();
            assertThat(scene.waitFor(500, TimeUnit.MILLISECONDS))
                    .as("the program ends before the body has")
                    .isFalse();

            scene.getOutputStream().close(); // what the body waits for

            assertThat(output.lines()).isEmpty();
            assertThat(scene.waitFor()).isEqualTo(143);
        }
    }

    @Test
    void theCommandDiesWithAParentThatIsKilled() throws Exception {
        try (BufferedReader output = start("parent")) {
            scene.toHandle().destroyForcibly();

            assertThat(output.lines()).isEmpty();
            assertThat(scene.waitFor()).isEqualTo(137);
        }
    }

    @Test
    void aProgramWhoseParentHasEndedAlreadyEndsToo() throws Exception {
        Process other = new ProcessBuilder("true").start();
        other.waitFor();
        String stranger = "-Dparent.pid=" + other.pid();

        Ended ended = Ended.of(Ended.scene(List.of(stranger), "die with parent", "echo still here"));

        assertThat(ended).isEqualTo(new Ended(137, ""));
    }

    @Test
    void aProgramWhoseParentIsThereGoesOn() throws Exception {
        String parent = "-Dparent.pid=" + ProcessHandle.current().pid();

        Ended ended = Ended.of(Ended.scene(List.of(parent), "die with parent", "echo still here"));

        assertThat(ended).isEqualTo(new Ended(0, "still here\n"));
    }

    /** In a PID namespace, where the next PID can be chosen: pid_namespaces(7). */
    @Test
    void thePidOfAChildThatHasEndedMayBeAnothers(@TempDir Path directory) throws Exception {
        Needs.root();
        Path question = directory.resolve("question");
        Path answer = directory.resolve("answer");
        assertThat(new ProcessBuilder("mkfifo", "" + question, "" + answer)
                        .start()
                        .waitFor())
                .isZero();
        ProcessBuilder program = Ended.scene(
                "launch, and the PID becomes another's",
                "sh",
                "-c",
                "read x < " + question + "; echo the stranger lives > " + answer);
        String after = "\"$@\"; echo ended $?; timeout 10 sh -c 'echo > " + question + "; cat " + answer + "'";
        program.command()
                .addAll(
                        0,
                        List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", after, "sh"));

        assertThat(Ended.of(program)).isEqualTo(new Ended(0, "ended 0\nthe stranger lives\n"));
    }

    /** @return its output, after the line "started" */
    private BufferedReader start(String name) throws Exception {
        List<Process> pipeline = ProcessBuilder.startPipeline(List.of(Ended.scene(name), new ProcessBuilder("cat")));
        scene = pipeline.get(0);
        BufferedReader output = pipeline.get(1).inputReader();
        assertThat(output.readLine()).isEqualTo("started");
        return output;
    }
}
