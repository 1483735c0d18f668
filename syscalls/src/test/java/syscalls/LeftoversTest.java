package syscalls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeftoversTest {
    private static final String ID = "0123456789ab";

    @TempDir
    Path directory;

    @Test
    void areWhatIsNamedAfterARunAndNobodyOwns() throws Exception {
        Path leftover = make("run-" + ID);
        make(ID);
        make("other-" + ID);
        Leftovers.own(directory.resolve("run-" + Leftovers.newId()));

        assertThat(Leftovers.leftovers(directory, "run-")).containsExactly(leftover);
    }

    @Test
    void areOfOneFinderOnly() throws Exception {
        make(ID);

        assertThat(Leftovers.leftovers(directory, "")).hasSize(1);
        assertThat(Leftovers.leftovers(directory, "")).isEmpty();
    }

    /** flock(1) holds the lock for its command; what its PID is, here or in another PID namespace, nobody asks. */
    @Test
    void areAlsoWhatAProcessOwnedUntilItWasKilled() throws Exception {
        Path owned = make(ID);
        Process owner = new ProcessBuilder("flock", "--close", owned.toString(), "cat").start();
        try {
            owner.getOutputStream().write('\n');
            owner.getOutputStream().flush();
            assertThat(owner.getInputStream().read()).isEqualTo('\n'); // so it has the lock
            assertThat(Leftovers.leftovers(directory, "")).isEmpty();
        } finally {
            owner.descendants().forEach(ProcessHandle::destroyForcibly); // flock waits for its command
            owner.destroyForcibly().waitFor();
        }

        assertThat(Leftovers.leftovers(directory, "")).containsExactly(owned);
    }

    @Test
    void areNotWhatIsNamedOtherwise() throws Exception {
        for (String name : List.of(
                "1st-container", "4000000", "0123456789a", "0123456789abc", "0123456789AB", "kept-" + ID, "run-")) {
            make(name);
        }
        Files.createFile(directory.resolve(ID));
        Files.createSymbolicLink(directory.resolve("ba9876543210"), make("elsewhere"));

        assertThat(Leftovers.leftovers(directory, "")).isEmpty();
        assertThat(Leftovers.leftovers(directory, "run-")).isEmpty();
    }

    @Test
    void inADirectoryThatIsMissingAreAnError() {
        assertThatThrownBy(() -> Leftovers.leftovers(directory.resolve("missing"), ""))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void eachRunHasAnIdentityOfItsOwn() {
        assertThat(Leftovers.RUN_ID).matches("[0-9a-f]{12}").isNotEqualTo(Leftovers.newId());
    }

    @Test
    void whatIsOwnedIsRemovedWithAllThatAProcessOwns() throws Exception {
        Path owned = directory.resolve(ID);
        Leftovers.own(owned);
        Files.createFile(owned.resolve("file"));

        Leftovers.removeOwned();

        assertThat(owned).doesNotExist();
    }

    @Test
    void deleteTreeFollowsNoLink() throws Exception {
        Path kept = Files.createFile(make("kept").resolve("file"));
        Path tree = make("tree");
        Files.createSymbolicLink(tree.resolve("directory"), kept.getParent());
        Files.createSymbolicLink(tree.resolve("file"), kept);
        Files.createSymbolicLink(tree.resolve("nothing"), Path.of("/nowhere"));
        Files.createDirectories(tree.resolve("a/b/c"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), kept.getParent());

        Leftovers.deleteTree(tree);
        Leftovers.deleteTree(link);

        assertThat(tree).doesNotExist();
        assertThat(link).doesNotExist();
        assertThat(kept).exists();
    }

    @Test
    void deleteTreeRemovesNamesThatAreNoUtf8() throws Exception {
        Path tree = make("tree");
        sh("mkdir \"$(printf '\\377\\nx')\"; > \"$(printf '\\377\\nx')/$(printf '\\351')\"", tree);
        assertThat(tree).isNotEmptyDirectory();

        Leftovers.deleteTree(tree);

        assertThat(tree).doesNotExist();
    }

    /** Longer than PATH_MAX, or deeper than there may be files open. */
    @ParameterizedTest
    @ValueSource(strings = {"n=$(printf %0200d 0); i=0; while [ $i -lt 30 ]", "n=d; i=0; while [ $i -lt 1100 ]"})
    void deleteTreeRemovesWhatIsNestedHoweverDeep(String loop) throws Exception {
        Path tree = make("tree");
        sh(loop + "; do mkdir $n; > file; cd -P $n; i=$((i + 1)); done; cd /; [ -d \"$0\" ]", tree);
        Process limit = new ProcessBuilder(
                        "prlimit", "--pid", "" + ProcessHandle.current().pid(), "--nofile=1024:")
                .start();
        assertThat(limit.waitFor()).isZero();

        Leftovers.deleteTree(tree);

        assertThat(tree).doesNotExist();
    }

    @Test
    void deleteTreeRemovesManyFilesInManyDirectories() throws Exception {
        Path tree = make("tree");
        sh("mkdir $(seq 300); for d in *; do : > $d/a; : > $d/b; done; : > x; seq -f file-%g 5000 | xargs touch", tree);

        Leftovers.deleteTree(tree);

        assertThat(tree).doesNotExist();
    }

    @Test
    void deleteTreeOfWhatIsGoneIsNoError() throws Exception {
        Leftovers.deleteTree(directory.resolve("missing"));
        Leftovers.deleteTree(directory.resolve("missing/too"));
    }

    private Path make(String name) throws IOException {
        return Files.createDirectory(directory.resolve(name));
    }

    private static void sh(String script, Path where) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", script, where.toString())
                .directory(where.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEmpty();
        assertThat(process.waitFor()).isZero();
    }
}
