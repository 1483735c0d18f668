package syscalls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
    @TempDir
    Path directory;

    @Test
    void areWhatIsNamedAfterAProcessThatHasEnded() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Path leftover = make("run-" + ended.pid());
        make("run-1");
        make("" + ended.pid());
        make("other-" + ended.pid());

        assertThat(Leftovers.leftovers(directory, "run-")).containsExactly(leftover);
    }

    @Test
    void areAlsoWhatIsNamedAfterAZombie() throws Exception {
        // The child ends with its input, when its parent has become one that waits for no child.
        String script = "exec 3<&0; cat <&3 >/dev/null & echo $!; exec sleep 60";
        Process parent = new ProcessBuilder("sh", "-c", script).start();
        try {
            String zombie = parent.inputReader().readLine();
            Path leftover = make("run-" + zombie);
            Path stat = Path.of("/proc", zombie, "stat");
            awaitText(Path.of("/proc", "" + parent.pid(), "comm"), "sleep");
            parent.getOutputStream().close();
            awaitText(stat, ") Z ");

            assertThat(Files.readString(stat)).contains(") Z ");
            assertThat(Leftovers.leftovers(directory, "run-")).containsExactly(leftover);
        } finally {
            parent.destroyForcibly();
        }
    }

    private static void awaitText(Path file, String text) throws Exception {
        for (int tries = 0; !Files.readString(file).contains(text) && tries < 1000; tries++) {
            Thread.sleep(10);
        }
    }

    @Test
    void areAlsoWhatAnEarlierProcessWithThisPidLeft() throws Exception {
        Path leftover = make("" + ProcessHandle.current().pid());

        assertThat(Leftovers.leftovers(directory, "")).containsExactly(leftover);
    }

    @Test
    void areNotWhatIsNamedAfterNoPid() throws Exception {
        for (String name : List.of("1st-container", "2026-01-01", "007 ", "kept-1", "run-")) {
            make(name);
        }

        assertThat(Leftovers.leftovers(directory, "")).isEmpty();
        assertThat(Leftovers.leftovers(directory, "run-")).isEmpty();
    }

    @Test
    void inADirectoryThatIsMissingAreAnError() {
        assertThatThrownBy(() -> Leftovers.leftovers(directory.resolve("missing"), ""))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void deleteTreeFollowsNoLink() throws Exception {
        Path kept = Files.createFile(make("kept").resolve("file"));
        Path tree = make("tree");
        Files.createSymbolicLink(tree.resolve("directory"), kept.getParent());
        Files.createSymbolicLink(tree.resolve("file"), kept);
        Files.createSymbolicLink(tree.resolve("nothing"), Path.of("/nowhere"));
        Files.createDirectories(tree.resolve("a/b/c"));

        Leftovers.deleteTree(tree);

        assertThat(tree).doesNotExist();
        assertThat(kept).exists();
    }

    @Test
    void deleteTreeRemovesNamesThatAreNoUtf8() throws Exception {
        Path tree = make("tree");
        int status = new ProcessBuilder("sh", "-c", "> \"$0/$(printf '\\377\\nx')\"", "" + tree)
                .start()
                .waitFor();
        assertThat(status).isZero();
        assertThat(tree).isNotEmptyDirectory();

        Leftovers.deleteTree(tree);

        assertThat(tree).doesNotExist();
    }

    @Test
    void deleteTreeOfWhatIsGoneIsNoError() throws Exception {
        Leftovers.deleteTree(directory.resolve("missing"));
    }

    private Path make(String name) throws IOException {
        return Files.createDirectory(directory.resolve(name));
    }
}
