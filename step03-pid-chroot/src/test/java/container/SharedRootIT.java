package container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import testkit.Host;
import testkit.Privileged;
import testkit.Proc;
import testkit.Program;
import testkit.Result;
import testkit.Running;

/** Whose /proc it is that a run takes away: its own, wherever it was mounted, and no other's. */
@Privileged
class SharedRootIT {
    private Host host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new Host(Program.ofJar(Path.of(System.getProperty("jar"))));
    }

    @AfterEach
    void endHost() throws Exception {
        host.close();
    }

    @Test
    void ofTwoContainersOnOneRootTheFirstThatEndsLeavesTheOthers() throws Exception {
        try (Running first = host.start("sh", "-c", "echo ready; read x; exit 4")) {
            first.awaitOutput("ready");
            try (Running second = host.start("sh", "-c", "echo ready; read x; test -e /proc/self/stat; exit $?")) {
                second.awaitOutput("ready");
                assertThat(first.type("\n").result().exit()).isEqualTo(4);

                assertThat(second.type("\n").result().exit()).isZero();
            }
        }
        assertThat(host.newMounts()).isEmpty();
    }

    @Test
    void procThatIsALinkIsUnmountedWhereItLeads() throws Exception {
        Files.delete(host.rootfs().resolve("proc"));
        Files.createSymbolicLink(host.rootfs().resolve("proc"), Path.of("/tmp"));

        Result result = host.run("sh", "-c", "test -e /tmp/self/stat");

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(host.newMounts()).isEmpty();
    }

    @Test
    void theHostsOwnProcIsBackAfterARunOnTheHostsRoot() throws Exception {
        Result result = host.run("--rootfs", "/", "sh", "-c", "exit 5");

        assertThat(result.exit()).as(result.err()).isEqualTo(5);
        assertThat(host.execute("cat /proc/1/comm").out()).isEqualTo("sh\n");
        assertThat(host.newMounts()).isEmpty();
    }

    /** The root is the host's own, and the child is killed while its JVM starts, before it has mounted anything. */
    @Test
    void theHostsOwnProcStays() throws Exception {
        try (Running running = host.start("--rootfs", "/", "sleep", "1000")) {
            ProcessHandle run = ProcessHandle.of(running.run().pid()).orElseThrow();
            Running.waitUntil("the child starts", () -> run.children()
                    .anyMatch(child -> new Proc(child.pid()).cmdline().contains("container.Child")));
            run.children().forEach(ProcessHandle::destroyForcibly);

            assertThat(running.result().exit()).isEqualTo(137);
        }
        assertThat(host.execute("cat /proc/1/comm").out()).isEqualTo("sh\n");
        assertThat(host.newMounts()).isEmpty();
    }
}
