package syscalls;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConstantsTest {
    @Test
    void agreeWithThisSystemsHeaders(@TempDir Path directory) throws Exception {
        assertThat(fromC(directory)).isEqualTo(constants());
    }

    /** Read by this system's compiler: no value among them depends on the processor, but through a header. */
    @Test
    void agreeWithTheHeadersOfAarch64(@TempDir Path directory) throws Exception {
        Path headers = Path.of("/usr/aarch64-linux-gnu/include");
        Needs.need(Files.isDirectory(headers), "libc6-dev-arm64-cross");
        String own = Ended.of(new ProcessBuilder("" + Needs.compiler(), "-print-file-name=include"))
                .output()
                .strip();

        assertThat(fromC(directory, "-nostdinc", "-isystem", own, "-isystem", "" + headers))
                .isEqualTo(constants());
    }

    private static Map<String, Long> fromC(Path directory, String... options) throws Exception {
        Path source = Files.writeString(
                directory.resolve("constants.c"),
                constants().keySet().stream()
                        .map(name -> "printf(\"%s %lld\\n\", \"" + name + "\", (long long) " + inC(name) + ");")
                        .collect(joining("\n", """
                                #define _GNU_SOURCE
                                #include <dirent.h>
                                #include <errno.h>
                                #include <fcntl.h>
                                #include <linux/openat2.h>
                                #include <sched.h>
                                #include <signal.h>
                                #include <spawn.h>
                                #include <stdio.h>
                                #include <sys/file.h>
                                #include <sys/mount.h>
                                #include <sys/prctl.h>
                                #include <sys/syscall.h>
                                #include <sys/wait.h>
                                #include <unistd.h>
                                int main(void) {
                                """, "\n}\n")));
        Path program = directory.resolve("constants");
        List<String> compiler = new ArrayList<>(List.of("" + Needs.compiler()));
        compiler.addAll(List.of(options));
        compiler.addAll(List.of("-o", "" + program, "" + source));

        Ended compilation = Ended.of(new ProcessBuilder(compiler));
        assertThat(compilation.status()).as(compilation.output()).isZero();
        return Ended.of(new ProcessBuilder("" + program))
                .output()
                .lines()
                .map(line -> line.split(" "))
                .collect(toMap(words -> words[0], words -> Long.decode(words[1])));
    }

    private static String inC(String name) {
        return name.startsWith("SIZEOF_") ? "sizeof(" + name.substring(7).toLowerCase(Locale.ROOT) + ")" : name;
    }

    private static Map<String, Long> constants() {
        return Arrays.stream(Linux.class.getDeclaredFields())
                .filter(field -> Modifier.isStatic(field.getModifiers())
                        && (field.getType() == int.class || field.getType() == long.class))
                .collect(toMap(Field::getName, ConstantsTest::value, (one, other) -> one, TreeMap::new));
    }

    private static long value(Field field) {
        try {
            return field.getLong(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
