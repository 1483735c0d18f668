package container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import syscalls.Linux;
import testkit.Host;
import testkit.Privileged;
import testkit.Proc;
import testkit.Program;
import testkit.Result;
import testkit.Running;

/**
 * What the book's chapter "What is not safe yet" says, done. A later step closes each of these; its test then says the
 * opposite.
 */
@Privileged
class NotSafeYetIT {
    private static final Path LEAVE = Path.of("src/test/c/leave.c").toAbsolutePath();

    private static Host host;
    private static Path marker;

    @BeforeAll
    static void aHostWithSomethingToFind() throws IOException {
        host = new Host(Program.ofJar(Path.of(System.getProperty("jar"))));
        marker = Files.writeString(host.directory().resolve("marker"), "the host's\n");
    }

    @AfterAll
    static void close() throws IOException {
        host.close();
    }

    private static String out(String... command) throws IOException {
        Result result = host.run(command);
        assertThat(result.exit()).as(result.err()).isZero();
        return result.out();
    }

    @Test
    void theWayOutIsNotAPath() throws IOException {
        assertThat(host.run("cat", marker.toString()).exit()).isNotZero();
        assertThat(host.run("cat", "/../../.." + marker).exit()).isNotZero();
    }

    @Test
    void chrootIsLeftByAnotherChroot() throws Exception {
        Path compiler = Path.of("/usr/bin/gcc");
        if (!"required".equals(System.getProperty("privileged"))) {
            assumeTrue(Files.isExecutable(compiler), "needs gcc");
        }
        Process gcc = new ProcessBuilder(
                        compiler.toString(),
                        "-static",
                        "-w",
                        "-o",
                        host.rootfs().resolve("bin/leave").toString(),
                        LEAVE.toString())
                .inheritIO()
                .start();
        assertThat(gcc.waitFor()).isZero();

        assertThat(out("leave", "cat", marker.toString())).isEqualTo("the host's\n");
    }

    @Test
    void chrootIsLeftByJoiningTheMountNamespaceThatItIsIn() throws IOException {
        assertThat(out("nsenter", "-t", "1", "-m", "cat", marker.toString())).isEqualTo("the host's\n");
    }

    @Test
    void outsideItSeesTheHostsProcesses() throws IOException {
        assertThat(out("cat", "/proc/1/cmdline")).isEqualTo("cat\0/proc/1/cmdline\0");
        assertThat(out("nsenter", "-t", "1", "-m", "cat", "/proc/1/cmdline"))
                .isEqualTo(String.join("\0", host.init().cmdline()) + "\0")
                .contains(Host.NAME);
    }

    @Test
    void rootIsTheHostsRoot() throws IOException {
        assertThat(out("cat", "/proc/self/uid_map")).isEqualTo(Files.readString(Path.of("/proc/self/uid_map")));
        Path written = host.directory().resolve("written");
        out("nsenter", "-t", "1", "-m", "sh", "-c", "echo 'I was here' > " + written);
        assertThat(written).content().isEqualTo("I was here\n");
        assertThat(Files.getAttribute(written, "unix:uid")).isEqualTo(0);
    }

    @Test
    void itHasEveryCapabilityAndNoFilter() throws IOException {
        try (Running running = host.start("sleep", "1000")) {
            Proc command = running.command("sleep", "1000");
            for (String set : List.of("CapEff", "CapPrm", "CapBnd")) {
                assertThat(command.status(set)).as(set).isEqualTo(host.init().status(set));
            }
            assertThat(command.status("NoNewPrivs")).isEqualTo("0");
            assertThat(command.status("Seccomp")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"net", "ipc", "user", "cgroup"})
    void aNamespaceIsTheHosts(String type) throws IOException {
        try (Running running = host.start("sleep", "1000")) {
            assertThat(running.command("sleep", "1000").namespace(type))
                    .isEqualTo(host.init().namespace(type));
        }
    }

    @Test
    void itLiftsItsOwnLimit() throws IOException {
        String[] command = {"sh", "-c", "read line; nsenter -t 1 -m sh -c \"$line\"; sleep 1000"};
        try (Running running = host.start(command)) {
            Path group = running.command(command).cgroup("pids");
            Path limit = group.resolve("pids.max");
            assertThat(limit).content().isEqualTo("20\n");
            Path ofThisHost = Linux.cgroupHierarchy("pids").resolve(group.getFileName());
            running.type("echo max > " + ofThisHost.resolve("pids.max") + "\n");
            Running.waitUntil("the limit is gone", () -> Files.readString(limit).equals("max\n"));
        }
    }

    /** Opened to be written; nothing is. */
    @ParameterizedTest
    @ValueSource(strings = {"/proc/sys/kernel/core_pattern", "/proc/sys/kernel/panic"})
    void theKernelsSwitchesAreOpen(String file) throws IOException {
        assertThat(out("sh", "-c", ": >> " + file + " && echo open")).isEqualTo("open\n");
    }

    /** The kernel's log stands for the disks: what opens one opens the others. */
    @Test
    void everyDeviceCanBeMadeAndOpened() throws IOException {
        assertThat(out("sh", "-c", "mknod /dev/log c 1 11; dd if=/dev/log bs=8k count=1 2>/dev/null"))
                .contains(";");
    }
}
