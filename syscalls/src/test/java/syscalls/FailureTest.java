package syscalls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import jnr.constants.platform.Errno;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureTest {
    @TempDir
    Path directory;

    @Test
    void aNewlineInANameIsShownAsOne() {
        assertThat(Failure.inOneLine(new IOException("--layer a\nb\r: no such directory")))
                .isEqualTo("--layer a\\nb\\r: no such directory");
    }

    @Test
    void aByteThatIsNoUtf8IsShownByItsNumber() {
        assertThat(Failure.inOneLine(new IOException("caf\uDCE9 \uD83D\uDC80"))).isEqualTo("caf\\xe9 \uD83D\uDC80");
    }

    @Test
    void whereJavaSaysAFilesNameAndNoMoreItSaysWhatIsTheMatter() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(inOneLine(() -> Files.delete(directory.resolve("gone"))))
                .isEqualTo(directory + "/gone: no such file or directory");
        assertThat(inOneLine(() -> Files.createDirectory(file))).isEqualTo(file + ": there is a file of that name");
        assertThat(inOneLine(() -> Files.delete(directory))).isEqualTo(directory + ": DirectoryNotEmptyException");
        assertThat(inOneLine(() -> Files.createFile(file.resolve("below"))))
                .startsWith(file + "/below: ") // and in the user's language what the C library says of ENOTDIR
                .doesNotContain("\n", "Exception");
    }

    @Test
    void noMessage() {
        assertThat(Failure.inOneLine(new NullPointerException())).isEqualTo("java.lang.NullPointerException");
    }

    @Test
    void noThreadOrMemoryWhereverItShowed() {
        OutOfMemoryError error = new OutOfMemoryError("unable to create native thread");

        assertThat(Failure.inOneLine(new UncheckedIOException(new IOException(error))))
                .isEqualTo("Java can start no thread, or has no memory: unable to create native thread");
    }

    @Test
    void aLongCommandIsCut() {
        SyscallException e = SyscallException.ofCommand(
                "execve", "/bin/true", Collections.nCopies(1000, "x".repeat(1000)), Errno.E2BIG.intValue());

        assertThat(e)
                .hasMessageEndingWith("… 1000 words]): E2BIG (Argument list too long):"
                        + " the arguments and the environment are too long");
        assertThat(e.getMessage()).hasSizeLessThan(3000);
    }

    private static String inOneLine(ThrowingCallable fails) {
        try {
            fails.call();
        } catch (Exception e) {
            return Failure.inOneLine(e);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("it worked");
    }
}
