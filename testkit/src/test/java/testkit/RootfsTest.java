package testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import syscalls.Leftovers;

class RootfsTest {
    @TempDir
    Path directory;

    private Path rootfs;

    @BeforeEach
    void place() throws IOException {
        rootfs = directory.toRealPath().resolve("place/rootfs");
    }

    private void make(boolean replace) throws IOException {
        Rootfs.make(rootfs, Rootfs.Kind.HOST, replace, progress -> {});
    }

    private String inside(String... command) throws Exception {
        assumeTrue((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "needs root");
        List<String> words = new ArrayList<>(List.of("chroot", rootfs.toString()));
        words.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("LC_ALL", "C"); // it has no other
        Process chroot = builder.start();
        chroot.getOutputStream().close();
        return new String(chroot.getInputStream().readAllBytes(), StandardCharsets.UTF_8) + chroot.waitFor();
    }

    private List<String> names(Path place) throws IOException {
        try (Stream<Path> entries = Files.list(place)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    /** As another user finds it, whatever umask and libraries who makes it has. */
    @ParameterizedTest
    @ValueSource(strings = {"umask 077", "umask 0", "export LD_LIBRARY_PATH=\"$PWD/place\" LD_PRELOAD="})
    void theSurroundingsOfWhoMakesItDoNotMatter(String surroundings) throws Exception {
        Path library = Files.createDirectories(rootfs.getParent()).resolve("libtinfo.so.6");
        Path original = Stream.of("/lib/x86_64-linux-gnu/libtinfo.so.6", "/lib/aarch64-linux-gnu/libtinfo.so.6")
                .map(Path::of)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
        Files.copy(original, library); // bash is linked with it
        String make = surroundings + " && exec '" + Path.of(System.getProperty("java.home"), "bin/java") + "' -cp '"
                + System.getProperty("java.class.path") + "' testkit.RootfsTest '" + rootfs + "'";
        Process maker = new ProcessBuilder("bash", "-c", make)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(maker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(maker.waitFor()).as(output).isZero();

        assertThat(inside("bash", "-c", "echo here")).isEqualTo("here\n0");
        try (Stream<Path> tree = Files.walk(rootfs)) {
            for (Path file : tree.filter(file -> !Files.isSymbolicLink(file)).toList()) {
                String place = "/" + rootfs.relativize(file);
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                assertThat(mode).as(place).matches(place.equals("/root") ? "rwx------" : "r..r..r..");
                if (!place.matches("/tmp|/var/tmp|/dev/.*")) {
                    assertThat(mode).as(place).matches("....-..-.");
                }
            }
        }
    }

    /** Makes one, in a JVM of its own. */
    public static void main(String[] args) throws IOException {
        Rootfs.make(Path.of(args[0]), Rootfs.Kind.HOST, progress -> {});
    }

    @Test
    void itsShellAndToolsRun() throws Exception {
        make(false);
        assertThat(inside("sh", "-c", "cd / && ls -d proc sys && echo $((1 + 1)) | cat"))
                .isEqualTo("proc\nsys\n2\n0");
    }

    @Test
    void theHostsOwnToolsBringTheirLibraries() throws Exception {
        Files.createDirectories(rootfs);
        Rootfs.fromTools(rootfs);
        String missing =
                "for i in ls cat ps mount id grep awk; do $i --help >/out 2>&1; [ $? -lt 126 ] || cat /out; done";
        assertThat(inside("sh", "-c", missing)).isEqualTo("0");
    }

    @Test
    void itHoldsTheForkBombsFunction() throws Exception {
        make(false);
        assertThat(inside("bash", "-c", ":() { echo called; }; :")).isEqualTo("called\n0");
    }

    @Test
    void itsDevicesAreDevices() throws Exception {
        make(false);
        assertThat(inside("dd", "if=/dev/zero", "of=/dev/null", "bs=1M", "count=1"))
                .endsWith("0");
        for (String node : "null zero full random urandom tty".split(" ")) {
            assertThat(inside("sh", "-c", "test -c /dev/" + node + " -a -w /dev/" + node))
                    .isEqualTo("0");
        }
    }

    @Test
    void itsDirectoriesHaveTheUsualModes() throws Exception {
        make(false);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(rootfs.resolve("root"))))
                .isEqualTo("rwx------");
        assertThat((int) Files.getAttribute(rootfs.resolve("tmp"), "unix:mode") & 07777)
                .isEqualTo(01777);
        assertThat(names(rootfs)).contains("proc", "sys", "dev", "etc", "usr", "var", "bin");
        assertThat(rootfs.resolve("etc/passwd")).content().startsWith("root:");
    }

    @Test
    void nothingElseIsLeftBesideIt() throws Exception {
        make(false);
        make(true);
        assertThat(names(rootfs.getParent())).containsExactly("rootfs");
    }

    @Test
    void oneThatIsThereIsReplacedOnlyOnDemand() throws Exception {
        make(false);
        Files.createFile(rootfs.resolve("mine"));
        assertThatThrownBy(() -> make(false)).hasMessageContaining("--force");
        assertThat(rootfs.resolve("mine")).exists();
        make(true);
        assertThat(rootfs.resolve("mine")).doesNotExist();
    }

    @Test
    void whatTheLabDidNotMakeIsNeverReplaced() throws Exception {
        Files.createDirectories(rootfs);
        Files.createFile(rootfs.resolve("mine"));
        assertThatThrownBy(() -> make(true)).hasMessageContaining("not made by the lab");
        assertThat(rootfs.resolve("mine")).exists();
    }

    @Test
    void aFileInItsPlaceIsLeftAlone() throws Exception {
        Files.createDirectories(rootfs.getParent());
        Files.createFile(rootfs);
        assertThatThrownBy(() -> make(true)).hasMessageContaining("not made by the lab");
    }

    @Test
    void aBuildThatFailsLeavesNothing() throws Exception {
        assertThatThrownBy(() -> Rootfs.make(rootfs, Rootfs.Kind.HOST, progress -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(names(rootfs.getParent())).isEmpty();
    }

    @Test
    void whatAKilledBuildLeftIsRemoved() throws Exception {
        Files.createDirectories(
                rootfs.resolveSibling(".rootfs.new-0123456789ab").resolve("bin"));
        Path running = rootfs.resolveSibling(".rootfs.new-ba9876543210");
        Leftovers.own(running);
        make(false);
        assertThat(names(rootfs.getParent()))
                .containsExactlyInAnyOrder("rootfs", running.getFileName().toString());
    }

    @Test
    void neverReplacesWhileSomethingIsMountedBelow() throws Exception {
        make(false);
        assertThat(inside("true")).isEqualTo("0");
        Path precious = Files.createFile(
                Files.createDirectory(directory.resolve("host")).resolve("precious"));
        assertThat(new ProcessBuilder("mount", "--bind", precious.getParent().toString(), rootfs + "/mnt")
                        .start()
                        .waitFor())
                .isZero();
        try {
            assertThatThrownBy(() -> make(true))
                    .hasMessageContaining("mounted on " + rootfs + "/mnt")
                    .hasMessageContaining("umount");
            assertThat(precious).exists();
        } finally {
            new ProcessBuilder("umount", rootfs + "/mnt").start().waitFor();
        }
    }
}
