package syscalls;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The first argument after "exec" is the PATH of the command's environment, which is not the program's own. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class ExecTest {
    @TempDir
    Path directory;

    private Path good;
    private Path bad;

    @BeforeEach
    void directories() throws IOException {
        good = Files.createDirectory(directory.resolve("good"));
        bad = Files.createDirectory(directory.resolve("bad"));
    }

    @Test
    void theProcessBecomesTheCommandAndKeepsItsPid() throws Exception {
        Process process = Ended.start(Ended.scene("exec", "/usr/bin:/bin", "sh", "-c", "echo $$; exit 9"));

        assertThat(Ended.of(process)).isEqualTo(new Ended(9, process.pid() + "\n"));
    }

    @Test
    void theEnvironmentIsTheGivenOne() throws Exception {
        assertThat(exec("/usr/bin:/bin", "env").output().lines())
                .containsExactlyInAnyOrder("PATH=/usr/bin:/bin", "GREETING=hello");
    }

    @Test
    void theCommandHasNoneOfTheJvmsOpenFilesAndBlocksOrIgnoresNoSignal() throws Exception {
        assertThat(exec("/usr/bin:/bin", "ls", "/proc/self/fd").output().lines())
                .containsExactly("0", "1", "2", "3"); // 3 is ls's own, of this directory
        assertThat(exec("/usr/bin:/bin", "grep", "SigBlk", "/proc/self/status").output())
                .isEqualTo("SigBlk:\t0000000000000000\n");
        assertThat(SpawnTest.ignored(exec("/usr/bin:/bin", "grep", "SigIgn", "/proc/self/status")))
                .isZero();
    }

    @Test
    void theCommandIsLookedForInTheGivenPath() throws Exception {
        script(good, "hello", "rwxr-xr-x", "#!/bin/sh");

        assertThat(exec(bad + ":" + good, "hello")).isEqualTo(new Ended(0, "hello from good\n"));
        assertThat(exec("" + bad, "ls").status())
                .as("the caller's PATH does not matter")
                .isEqualTo(127);
    }

    @Test
    void theFirstInThePathWins() throws Exception {
        script(good, "hello", "rwxr-xr-x", "#!/bin/sh");
        script(bad, "hello", "rwxr-xr-x", "#!/bin/sh");

        assertThat(exec(bad + ":" + good, "hello").output()).isEqualTo("hello from bad\n");
    }

    @Test
    void oneThatIsNotExecutableDoesNotHideALaterOne() throws Exception {
        script(bad, "hello", "rw-r--r--", "#!/bin/sh");
        script(good, "hello", "rwxr-xr-x", "#!/bin/sh");

        assertThat(exec(bad + ":" + good, "hello").output()).isEqualTo("hello from good\n");
    }

    @Test
    void oneThatIsNotExecutableIsRememberedToTheEnd() throws Exception {
        Path script = script(bad, "hello", "rw-r--r--", "#!/bin/sh");

        assertThat(exec(bad + ":" + good, "hello"))
                .isEqualTo(
                        new Ended(
                                126,
                                "execve(\"" + script
                                        + "\", [\"hello\"]): EACCES (Permission denied): not executable; chmod +x makes it so\n"));
    }

    @Test
    void aPathWithFilesAndMissingFoldersInItIsSearchedOn() throws Exception {
        Path file = script(bad, "file", "rwxr-xr-x", "#!/bin/sh");
        script(good, "hello", "rwxr-xr-x", "#!/bin/sh");

        assertThat(exec(file + ":/nowhere:" + good, "hello").output()).isEqualTo("hello from good\n");
        assertThat(exec("" + file, "hello").status()).isEqualTo(127);
    }

    @Test
    void theSearchEndsAtWhatIsNoProgram() throws Exception {
        Path garbage = script(bad, "hello", "rwxr-xr-x", "no program");
        script(good, "hello", "rwxr-xr-x", "#!/bin/sh");

        assertThat(exec(bad + ":" + good, "hello"))
                .isEqualTo(new Ended(
                        126,
                        "execve(\"" + garbage + "\", [\"hello\"]): ENOEXEC (Exec format error):"
                                + " neither a program for this processor nor a script with #!\n"));
    }

    @Test
    void anEmptyFolderInThePathIsTheWorkingDirectory() throws Exception {
        script(good, "hello", "rwxr-xr-x", "#!/bin/sh");

        for (String path : List.of("", ":" + bad, bad + ":")) {
            ProcessBuilder scene = Ended.scene("exec", path, "hello").directory(good.toFile());
            assertThat(Ended.of(scene)).as(path).isEqualTo(new Ended(0, "hello from good\n"));
        }
    }

    @Test
    void aNameWithASlashIsNotLookedFor() throws Exception {
        script(good, "hello", "rwxr-xr-x", "#!/bin/sh");

        assertThat(Ended.of(Ended.scene("exec", "/nowhere", "./hello").directory(good.toFile()))
                        .output())
                .isEqualTo("hello from good\n");
    }

    @Test
    void aMissingCommandIs127() throws Exception {
        assertThat(exec(good + ":" + bad, "hello", "it's \"me\"\nagain"))
                .isEqualTo(new Ended(
                        127,
                        "execve(\"hello\", [\"hello\", \"it's \"me\"\\nagain\"]):"
                                + " ENOENT (No such file or directory): no such command here\n"));
        assertThat(exec("" + good, good + "/hello").status()).isEqualTo(127);
        assertThat(exec("" + good, "").status()).isEqualTo(127);
        assertThat(exec("" + good, "/etc/passwd/hello").output()).contains("): ENOTDIR (");
    }

    @Test
    void aMissingInterpreterIs127AndSaidToBeTheCause() throws Exception {
        Path script = script(good, "hello", "rwxr-xr-x", "#!/no/such/interpreter");

        for (String name : List.of("hello", script.toString())) {
            assertThat(exec(good + ":" + bad, name))
                    .isEqualTo(new Ended(
                            127,
                            "execve(\"" + script + "\", [\"" + name + "\"]): ENOENT (No such file or directory):"
                                    + " the program is there, but not its loader or #! interpreter\n"));
        }
    }

    @Test
    void aDirectoryIs125() throws Exception {
        assertThat(exec("" + good, "" + good))
                .isEqualTo(
                        new Ended(
                                125,
                                "execve(\"" + good + "\", [\"" + good
                                        + "\"]): EACCES (Permission denied): a directory is no command; name a program in it\n"));
    }

    @Test
    void afterChrootTheCommandIsTheNewRoots() throws Exception {
        Needs.root();
        Needs.need(Files.isExecutable(Path.of("/bin/busybox")), "a static busybox");
        Files.copy(Path.of("/bin/busybox"), good.resolve("echo"));

        assertThat(Ended.of(Ended.scene("chroot and exec", "" + good, "echo", "inside")))
                .isEqualTo(new Ended(0, "inside\n"));
    }

    private static Path script(Path directory, String name, String permissions, String firstLine) throws IOException {
        Path script = Files.writeString(
                directory.resolve(name), firstLine + "\necho hello from " + directory.getFileName() + "\n");
        return Files.setPosixFilePermissions(script, fromString(permissions));
    }

    private static Ended exec(String path, String... command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("exec", path));
        arguments.addAll(List.of(command));
        return Ended.of(Ended.scene(arguments.toArray(String[]::new)));
    }
}
