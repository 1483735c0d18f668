package container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import testkit.Host;
import testkit.Privileged;
import testkit.Program;
import testkit.Result;

@Privileged
class BadInputIT {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "no such root file system| 125 | chroot(\"/no/such\"): ENOENT | --rootfs /no/such true",
                "none at all             | 125 | chroot(\"\"): ENOENT | --rootfs= true",
                "a file as one           | 125 | chroot(\"/etc/passwd\"): ENOTDIR | --rootfs /etc/passwd true",
                "a directory as command  | 125 | a directory is no command | /proc",
                "an unknown option       | 2   | Unknown option: '--no-such' | --no-such true",
                "no command              | 2   | Missing required parameter: 'COMMAND' | "
            })
    void isOneLineAndLeavesNothing(String what, int exit, String line, String arguments) throws Exception {
        try (Host host = new Host(Program.ofJar(Path.of(System.getProperty("jar"))))) {
            List<String> mounts = host.init().mounts();

            Result result = host.run(arguments == null ? new String[0] : arguments.split(" "));

            assertThat(result.exit()).isEqualTo(exit);
            assertThat(result.out()).isEmpty();
            assertThat(result.err().lines().filter(printed -> !printed.matches("(Running|Limits) .*")))
                    .singleElement()
                    .asString()
                    .startsWith("container: ")
                    .contains(line);
            assertThat(host.groups()).isEmpty();
            assertThat(host.init().mounts()).isEqualTo(mounts);
            assertThat(host.directory().resolve("containers"))
                    .satisfiesAnyOf(
                            containers -> assertThat(containers).doesNotExist(),
                            containers -> assertThat(containers).isEmptyDirectory());
        }
    }
}
