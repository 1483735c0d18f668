package container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import testkit.Privileged;
import testkit.Proc;
import testkit.Result;
import testkit.Running;

/** What runs leave behind: it stops no other run, and nothing foreign goes with it. */
@Privileged
class LeftoversIT {
    private static final String LEFTOVER = "0123456789ab";

    private Fire fire;

    @BeforeEach
    void makeHost() throws IOException {
        fire = new Fire();
    }

    @AfterEach
    void endHost() throws IOException {
        fire.close();
    }

    /** Longer than PATH_MAX; and deeper than a process may have files open. */
    @ParameterizedTest
    @CsvSource({
        "bash, n=$(printf %0200d 0); i=0; while [ $i -lt 30 ]; do mkdir $n; cd -P $n; i=$((i + 1)); done",
        "sh, i=0; while [ $i -lt 1100 ]; do mkdir d; cd d; i=$((i + 1)); done"
    })
    void foldersNestedHoweverDeepAreRemoved(String shell, String script) throws IOException {
        Result result = fire.host.execute("ulimit -n 1024; " + fire.run(shell, "-c", script + "; exit 3"));

        assertThat(result.exit()).as(result.err()).isEqualTo(3);
        assertThat(warnings(result)).isEmpty();
        assertThat(fire.leftovers()).isEmpty();
    }

    /** Any change of user clears the parent-death signal; so the container outlives a run that is killed. */
    @Test
    void whatOutlivesAKilledRunIsEndedByTheNext() throws IOException {
        Proc command;
        try (Running running = fire.host.start("su", "nobody", "-s", "/bin/sh", "-c", "sleep 1000; :")) {
            command = running.command("sleep", "1000");
            ProcessHandle.of(running.run().pid()).orElseThrow().destroyForcibly();
            running.result();
            assertThat(command.exists()).isTrue();
            assertThat(fire.leftovers()).anyMatch(what -> what.startsWith("cgroup "));

            Result next = fire.host.run("sh", "-c", "exit 4");

            assertThat(next.exit()).as(next.err()).isEqualTo(4);
            assertThat(warnings(next)).isEmpty();
        }
        assertThat(command.exists()).isFalse();
        assertThat(fire.leftovers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {LEFTOVER, "4000000"})
    void whatIsMountedInALeftoverIsLeftAlone(String name) throws IOException {
        Path directory = fire.host.directory();
        Path file = Files.createFile(
                Files.createDirectory(directory.resolve("foreign")).resolve("file"));
        Path point = Files.createDirectories(directory.resolve("containers/" + name + "/upper/mnt"));
        Files.createDirectory(point.resolveSibling("other"));
        String mount = "mount --bind foreign " + point + " && ";

        Result result = fire.host.execute(mount + fire.run("sh", "-c", "exit 7"));

        assertThat(result.exit()).as(result.err()).isEqualTo(7);
        assertThat(file).exists();
        if (name.equals(LEFTOVER)) {
            assertThat(warnings(result))
                    .singleElement()
                    .asString()
                    .contains(name + " is left for the next run", "EXDEV", "something is mounted there");
            assertThat(point.resolveSibling("other")).doesNotExist();
        }

        fire.host.execute("umount " + point);
        fire.host.run("true");
        assertThat(file).exists();
        assertThat(point.toFile().exists()).isEqualTo(!name.equals(LEFTOVER));
    }

    /** As in a container that shares the folder: there each PID is another process's, or nobody's, as a high one is. */
    @Test
    void aRunInAnotherPidNamespaceLeavesThisOneAlone() throws IOException {
        fire.host.execute("for i in $(seq 300); do (:); done");
        try (Running running =
                fire.host.start("sh", "-c", "echo here > /file; echo ready; read x; cat /file; ls /bin")) {
            running.awaitOutput("ready");

            Result other = fire.host.execute("unshare -pfm --mount-proc " + fire.run("sh", "-c", "exit 6"));

            assertThat(other.exit()).as(other.err()).isEqualTo(6);
            Result result = running.type("\n").result();
            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(result.out()).contains("ready\nhere\n").contains("busybox");
        }
        assertThat(fire.leftovers()).isEmpty();
    }

    @Test
    void whatCannotBeRemovedIsAWarningAndTheExitStatusTheCommands() throws IOException {
        Path containers = fire.host.directory().resolve("containers");
        try (Running running = fire.host.start("sh", "-c", "echo > /file; echo ready; read x; exit 5")) {
            running.awaitOutput("ready");
            String chattr = "chattr %s " + containers + "/*/upper/file";
            assertThat(fire.host.execute(chattr.replace("%s", "+i")).exit()).isZero();
            try {
                Result result = running.type("\n").result();

                assertThat(result.exit()).as(result.err()).isEqualTo(5);
                assertThat(warnings(result)).singleElement().asString().contains("EPERM", "upper/file");
                Result next = fire.host.run("sh", "-c", "exit 6");
                assertThat(next.exit()).as(next.err()).isEqualTo(6);
                assertThat(warnings(next)).hasSize(1);
            } finally {
                fire.host.execute(chattr.replace("%s", "-i"));
            }
        }
        fire.host.run("true");
        assertThat(fire.leftovers()).isEmpty();
    }

    /** The identity is the run's own: its cgroup, its folder, and the folder that is kept have the same. */
    @Test
    void cgroupAndFolderCarryTheSameIdentity() throws IOException {
        Result result = fire.host.run("--keep", "true");

        String group = result.err().replaceAll("(?s).*/container-([0-9a-f]{12}) .*", "$1");
        assertThat(fire.host.directory().resolve("containers/kept-" + group)).isDirectory();
    }

    private static List<String> warnings(Result result) {
        return result.err()
                .lines()
                .filter(line -> !line.matches("(Running|Limits) .*"))
                .toList();
    }
}
