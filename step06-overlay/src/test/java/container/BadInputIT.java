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
                "no process             | 2   | --pids-limit 0: | --pids-limit 0 true",
                "fewer than none        | 2   | --pids-limit -1: | --pids-limit -1 true",
                "no number              | 2   | 'abc' is not an int | --pids-limit abc true",
                "no size                | 2   | '10x' is no size; write a number and b, k, m or g | --memory 10x true",
                "more than there can be | 2   | cannot convert '9999999999g' | --memory 9999999999g true",
                "no layer               | 125 | --layer /no/such: no such directory | --layer /no/such true",
                "a layer without a name | 125 | --layer : no such directory | --layer= true",
                "a file as layer        | 125 | --layer /etc/passwd: no such directory | --layer /etc/passwd true",
                "a directory as command | 125 | a directory is no command | /proc"
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

    @Test
    void childCalledByHandIsOneLineAnd2() throws Exception {
        Process child = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("jar"),
                        "container.Child")
                .redirectErrorStream(true)
                .start();
        assertThat(child.inputReader().lines()).containsExactly("container: Missing required parameter: '<command>'");
        assertThat(child.waitFor()).isEqualTo(2);
    }
}
