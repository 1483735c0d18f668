package container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
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
                "no process             | --pids-limit 0: | --pids-limit 0 true",
                "fewer than none        | --pids-limit -1: | --pids-limit -1 true",
                "no number              | 'abc' is not an int | --pids-limit abc true",
                "no size                | '10x' is no size; write a number and b, k, m or g | --memory 10x true",
                "no layer               | --layer /no/such: no such directory | --layer /no/such true",
                "a file as layer        | --layer /etc/passwd: no such directory | --layer /etc/passwd true",
                "a directory as command | a directory is no command | /proc"
            })
    void isOneLineAnd125AndLeavesNothing(String what, String line, String arguments) throws Exception {
        try (Host host = new Host(Program.ofJar(Path.of(System.getProperty("jar"))))) {
            List<String> mounts = host.init().mounts();

            Result result = host.run(arguments == null ? new String[0] : arguments.split(" "));

            assertThat(result.exit()).isEqualTo(125);
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

    @Test
    void childCalledByHandIsOneLineAnd125() throws Exception {
        Process child = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("jar"),
                        "container.Child")
                .redirectErrorStream(true)
                .start();
        assertThat(child.inputReader().lines()).containsExactly("container: Missing required parameter: '<command>'");
        assertThat(child.waitFor()).isEqualTo(125);
    }
}
