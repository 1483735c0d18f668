package workshop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import testkit.Host;
import testkit.Privileged;
import testkit.Proc;
import testkit.Program;
import testkit.Result;
import testkit.Rootfs;
import testkit.Running;

@Privileged
class RootfsInUseIT {
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6})
    void itIsNotReplacedWhileAContainerUsesIt(int step) throws Exception {
        try (Host host = new Host(Program.ofJar(Steps.jar(step)))) {
            try (Running running = host.start("sleep", "1000")) {
                Proc command = running.command("sleep", "1000");

                assertThatThrownBy(() -> Rootfs.make(host.rootfs(), Rootfs.Kind.HOST, true, progress -> {}))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(host.rootfs() + " is in use")
                        .hasMessageContaining("" + command.pid());
                assertThat(onHost(host).err()) // which sees the /proc of step 3, too
                        .isEqualTo("lab: " + host.rootfs() + " is in use, by the containers of ["
                                + command.status("NSpid").split("\\s+")[1] + "]: end them first\n");
                assertThat(command.root().resolve("bin/sh")).exists();
            }
            Rootfs.make(host.rootfs(), Rootfs.Kind.HOST, true, progress -> {});
            assertThat(host.run("true").exit()).isZero();
        }
    }

    private static Result onHost(Host host) throws IOException {
        try (Running lab = XrayRecorder.lab(host, "rootfs", "--force")) {
            return lab.result();
        }
    }
}
