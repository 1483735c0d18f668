package container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import testkit.Host;
import testkit.Privileged;
import testkit.Proc;
import testkit.Program;
import testkit.Result;
import testkit.Running;

@Privileged
class LeftoversIT {
    /** Any change of user clears the parent-death signal; so the container outlives a run that is killed. */
    @Test
    void whatOutlivesAKilledRunIsEndedByTheNext() throws Exception {
        try (Host host = new Host(Program.ofJar(Path.of(System.getProperty("jar"))));
                Running running = host.start("su", "nobody", "-s", "/bin/sh", "-c", "sleep 1000; :")) {
            Proc command = running.command("sleep", "1000");
            ProcessHandle.of(running.run().pid()).orElseThrow().destroyForcibly();
            running.result();
            assertThat(command.exists()).isTrue();
            assertThat(host.groups()).isNotEmpty();

            Result next = host.run("sh", "-c", "exit 4");

            assertThat(next.exit()).as(next.err()).isEqualTo(4);
            assertThat(command.exists()).isFalse();
            assertThat(host.groups()).isEmpty();
        }
    }
}
