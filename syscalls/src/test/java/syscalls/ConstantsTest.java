package syscalls;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConstantsTest {
    /**
     * Linux 6.1's headers, in C notation: include/uapi/linux/{sched,mount,prctl,close_range,openat2}.h and include/linux/fs.h,
     * which no architecture changes, and include/uapi/asm-generic/{errno-base,fcntl,signal,signal-defs}.h, of which x86_64 and
     * aarch64 take all that is used here. (Of the O_ flags aarch64 has O_DIRECTORY, O_NOFOLLOW, O_DIRECT and
     * O_LARGEFILE otherwise.) From spawn.h and the sizes: glibc's posix/spawn.h and signal headers, on both 64-bit.
     */
    private static final String TABLE = """
            name                 x86_64      aarch64
            CLONE_NEWNS          0x00020000  0x00020000
            CLONE_NEWUTS         0x04000000  0x04000000
            CLONE_NEWPID         0x20000000  0x20000000
            MS_NOSUID            2           2
            MS_NODEV             4           4
            MS_NOEXEC            8           8
            MS_REC               16384       16384
            MS_PRIVATE           0x00040000  0x00040000
            MNT_DETACH           0x00000002  0x00000002
            UMOUNT_NOFOLLOW      0x00000008  0x00000008
            O_WRONLY             00000001    00000001
            O_NONBLOCK           00004000    00004000
            O_CLOEXEC            02000000    02000000
            AT_REMOVEDIR         0x200       0x200
            F_OK                 0           0
            LOCK_EX              2           2
            LOCK_NB              4           4
            DT_DIR               4           4
            RESOLVE_NO_XDEV      0x01        0x01
            RESOLVE_NO_SYMLINKS  0x04        0x04
            SYS_pidfd_send_signal    424     424
            SYS_pidfd_open       434         434
            SYS_openat2          437         437
            PR_SET_PDEATHSIG     1           1
            CLOSE_RANGE_CLOEXEC  0x00000004  0x00000004
            SIG_SETMASK          2           2
            SIGINT               2           2
            SIGQUIT              3           3
            SIGKILL              9           9
            SIGCHLD              17          17
            SIGTTOU              22          22
            SIG_DFL              0           0
            SIG_IGN              1           1
            ENOENT               2           2
            ESRCH                3           3
            EINTR                4           4
            EAGAIN               11          11
            EACCES               13          13
            EBUSY                16          16
            ENOTDIR              20          20
            EISDIR               21          21
            P_PID                1           1
            WEXITED              0x00000004  0x00000004
            WNOWAIT              0x01000000  0x01000000
            SIZEOF_SIGINFO_T     128         128
            POSIX_SPAWN_SETSIGDEF    4       4
            POSIX_SPAWN_SETSIGMASK   8       8
            SIZEOF_SIGSET_T          128     128
            SIZEOF_POSIX_SPAWNATTR_T 336     336
            """;

    @Test
    void agreeWithTheKernelsHeadersOnX86_64AndAarch64() {
        assertThat(column(1)).isEqualTo(constants());
        assertThat(column(2)).isEqualTo(constants());
    }

    @Test
    void agreeWithThisSystemsHeaders(@TempDir Path directory) throws Exception {
        String compiler = Needs.compiler().toString();
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

        Ended compilation = Ended.of(new ProcessBuilder(compiler, "-o", "" + program, "" + source));
        assertThat(compilation.status()).as(compilation.output()).isZero();
        Map<String, Long> fromC = Ended.of(new ProcessBuilder("" + program))
                .output()
                .lines()
                .map(line -> line.split(" "))
                .collect(toMap(words -> words[0], words -> Long.decode(words[1])));

        assertThat(fromC).isEqualTo(constants());
    }

    private static String inC(String name) {
        return name.startsWith("SIZEOF_") ? "sizeof(" + name.substring(7).toLowerCase(Locale.ROOT) + ")" : name;
    }

    private static Map<String, Long> column(int column) {
        return TABLE.lines()
                .skip(1)
                .map(line -> line.split(" +"))
                .collect(toMap(words -> words[0], words -> Long.decode(words[column])));
    }

    /** All of them, so that one without a line in the table fails the tests. */
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
