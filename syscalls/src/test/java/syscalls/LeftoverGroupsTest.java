package syscalls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In a v1 hierarchy and in the v2 one, as far as there are both on this machine. */
class LeftoverGroupsTest {
    private final String prefix = "syscalls-test-" + ProcessHandle.current().pid() + "-";
    private final List<Process> processes = new ArrayList<>();
    private Path group;

    static Stream<Path> hierarchies() throws IOException {
        List<Mount> mounts = Mount.all();
        return mounts.stream()
                .filter(mount -> mount.isVisible(mounts))
                .filter(mount -> mount.type().equals("cgroup2")
                        || mount.type().equals("cgroup") && mount.superOptions().contains("pids"))
                .map(Mount::point);
    }

    @BeforeEach
    void needRoot() {
        Needs.root();
    }

    @AfterEach
    void removeAll() throws IOException {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
        if (group != null) {
            Leftovers.deleteGroup(group);
        }
    }

    @ParameterizedTest
    @MethodSource("hierarchies")
    void goWithWhatLivesOnInThem(Path hierarchy) throws Exception {
        group = Files.createDirectory(hierarchy.resolve(prefix + Leftovers.newId()));
        Path inner = Files.createDirectories(group.resolve("n".repeat(200) + "/inner"));
        Process forking = in(group, "sh", "-c", "while :; do sh -c 'exit 0'; done");
        Process sleeping = in(inner, "sleep", "60");

        Leftovers.removeGroups(prefix);

        assertThat(group).doesNotExist();
        assertThat(forking.waitFor())
                .as("killed, or it could not fork any more")
                .isIn(137, 2);
        assertThat(sleeping.waitFor()).isEqualTo(137);
    }

    @ParameterizedTest
    @MethodSource("hierarchies")
    void areLeftAloneWhileAnotherProcessOwnsThem(Path hierarchy) throws Exception {
        group = Files.createDirectory(hierarchy.resolve(prefix + Leftovers.newId()));
        Process sleeping = in(group, "sleep", "60");
        Process owner = start("flock", group.toString(), "sh", "-c", "echo owned; exec sleep 60");
        assertThat(owner.inputReader().readLine()).isEqualTo("owned");

        Leftovers.removeGroups(prefix);

        assertThat(group).exists();
        assertThat(sleeping.isAlive()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("hierarchies")
    void ofARunThatEndsGoWithoutTheirProcessesBeingKilled(Path hierarchy) throws Exception {
        group = hierarchy.resolve(prefix + Leftovers.newId());
        Leftovers.own(group);
        Process foreign = in(group, "sleep", "60");

        Leftovers.removeGroup(group);

        assertThat(foreign.isAlive()).isTrue();
        assertThat(group).exists();
    }

    private Process in(Path cgroup, String... command) throws IOException {
        Process process = start(command);
        Linux.write(cgroup.resolve("cgroup.procs"), process.pid());
        return process;
    }

    private Process start(String... command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        processes.add(process);
        return process;
    }
}
