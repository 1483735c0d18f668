package syscalls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a test needs of the machine. Where it is missing, the test is reported as skipped; with
 * {@code -Dprivileged=required}, as in CI, it fails instead, so that nothing goes unproved without a word.
 */
final class Needs {
    private Needs() {}

    static void root() {
        need("root".equals(System.getProperty("user.name")), "root");
    }

    static Path compiler() {
        List<Path> compilers = Stream.of("/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang")
                .map(Path::of)
                .filter(Files::isExecutable)
                .toList();
        need(!compilers.isEmpty(), "a C compiler and the C library's headers");
        return compilers.get(0);
    }

    static void need(boolean there, String what) {
        if ("required".equals(System.getProperty("privileged"))) {
            assertThat(there).as("this test needs " + what).isTrue();
        }
        assumeTrue(there, "needs " + what);
    }
}
