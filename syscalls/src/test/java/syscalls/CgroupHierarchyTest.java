package syscalls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupHierarchyTest {
    @ParameterizedTest
    @ValueSource(strings = {"pids", "memory"})
    void isWhereTheControllersFilesAre(String controller) throws Exception {
        Needs.root();
        Path group = newGroup(controller);
        try {
            assertThat(Linux.cgroupHierarchy(controller).resolve("cgroup.controllers"))
                    .satisfiesAnyOf(
                            v2 -> assertThat(v2).content().containsPattern("\\b" + controller + "\\b"),
                            v1 -> assertThat(group).isDirectoryContaining("glob:**/" + controller + ".*"));
        } finally {
            Linux.rmdir(group);
        }
    }

    @Test
    void ofAControllerThatNoneHasIsAnError() {
        assertThatThrownBy(() -> Linux.cgroupHierarchy("magic"))
                .isInstanceOf(IOException.class)
                .hasMessage("no mounted cgroup hierarchy has the magic controller; see ./lab doctor");
    }

    @Test
    void rmdirRemovesAGroupOnceItsProcessesAreGone() throws Exception {
        Needs.root();
        Path group = newGroup("pids");
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            Linux.write(group.resolve("cgroup.procs"), process.pid());
            SyscallException e = catchThrowableOfType(SyscallException.class, () -> Linux.rmdir(group));
            assertThat(e)
                    .hasMessage("rmdir(\"" + group
                            + "\"): EBUSY (Device or resource busy): processes or groups are in it still");
            assertThat(e.errno()).isEqualTo(Errno.EBUSY.intValue());
        } finally {
            process.destroyForcibly().waitFor();
            Linux.rmdir(group);
        }
        assertThat(group).doesNotExist();
        Linux.rmdir(group);
    }

    private static Path newGroup(String controller) throws IOException {
        String name = "syscalls-test-" + ProcessHandle.current().pid();
        return Files.createDirectory(Linux.cgroupHierarchy(controller).resolve(name));
    }
}
