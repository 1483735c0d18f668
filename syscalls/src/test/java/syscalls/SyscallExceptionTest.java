package syscalls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jnr.constants.platform.Errno;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each call fails before it would change anything. */
class SyscallExceptionTest {
    @TempDir
    Path directory;

    @Test
    void chroot() {
        assertFails(
                () -> Linux.chroot(Path.of("/no/such/root")),
                Errno.ENOENT,
                "chroot(\"/no/such/root\"): ENOENT (No such file or directory):"
                        + " there is no root file system; ./lab rootfs makes one");
        assertFails(
                () -> Linux.chroot(Path.of("/etc/passwd")),
                Errno.ENOTDIR,
                "chroot(\"/etc/passwd\"): ENOTDIR (Not a directory):"
                        + " a root file system is a directory; ./lab rootfs makes one");
    }

    @Test
    void chdir() {
        assertFails(
                () -> Linux.chdir("/no/such/root"),
                Errno.ENOENT,
                "chdir(\"/no/such/root\"): ENOENT (No such file or directory)");
    }

    @Test
    void umount2() {
        Needs.root();
        assertFails(
                () -> Linux.umount2(directory, Linux.MNT_DETACH | Linux.UMOUNT_NOFOLLOW),
                Errno.EINVAL,
                "umount2(\"" + directory
                        + "\", MNT_DETACH | UMOUNT_NOFOLLOW): EINVAL (Invalid argument): nothing is mounted there");
    }

    @Test
    void mount() {
        Needs.root();
        assertFails(
                () -> Linux.mount("none", "" + directory, "nofs", Linux.MS_NODEV, null),
                Errno.ENODEV,
                "mount(\"none\", \"" + directory + "\", \"nofs\", MS_NODEV, null): ENODEV (No such device):"
                        + " this kernel lacks the file system; sudo modprobe may load it");
        assertFails(
                () -> Linux.mount(null, directory + "/missing", null, Linux.MS_REC | Linux.MS_PRIVATE, "a=b"),
                Errno.ENOENT,
                "mount(null, \"" + directory
                        + "/missing\", null, MS_REC | MS_PRIVATE, \"a=b\"): ENOENT (No such file or directory):"
                        + " the mount point is missing (a root file system needs a directory /proc)");
    }

    @Test
    void sethostname() {
        Needs.root();
        String name = "x".repeat(65);
        assertFails(
                () -> Linux.sethostname(name),
                Errno.EINVAL,
                "sethostname(\"" + name + "\"): EINVAL (Invalid argument): a host name has at most 64 bytes");
    }

    @Test
    void unshare() {
        assertFails(
                () -> Linux.unshare(1),
                Errno.EINVAL,
                "unshare(0x1): EINVAL (Invalid argument): this kernel lacks the namespace");
    }

    @Test
    void open() {
        assertFails(
                () -> Linux.open(directory.resolve("missing"), Linux.O_WRONLY),
                Errno.ENOENT,
                "open(\"" + directory + "/missing\", O_WRONLY): ENOENT (No such file or directory)");
    }

    @Test
    void writeToAFileThatTakesNothing() {
        assertFails(
                () -> Linux.write(Path.of("/dev/full"), "+pids"),
                Errno.ENOSPC,
                "write(\"/dev/full\", \"+pids\"): ENOSPC (No space left on device)");
        assertFails(() -> Linux.write(-1, 7), Errno.EBADF, "write(-1, 7): EBADF (Bad file descriptor)");
    }

    @Test
    void writeIfExistsTakesNoticeOfTheFile() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        Linux.writeIfExists(file, 7);
        Linux.writeIfExists(directory.resolve("missing"), 7);

        assertThat(file).hasContent("7");
        assertThat(directory).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:**/missing");
    }

    @Test
    void rmdir() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertFails(() -> Linux.rmdir(file), Errno.ENOTDIR, "rmdir(\"" + file + "\"): ENOTDIR (Not a directory)");
    }

    @Test
    void aLimitThatIsReachedIsNamed() {
        assertThat(new SyscallException("posix_spawnp", Errno.EAGAIN.intValue(), "sh"))
                .hasMessage("posix_spawnp(\"sh\"): EAGAIN (Resource temporarily unavailable):"
                        + " a limit on the number of processes is reached (pids.max, ulimit -u)");
    }

    @Test
    void anOldKernelIsNamed() {
        for (Errno errno : List.of(Errno.ENOSYS, Errno.EINVAL)) {
            assertThat(new SyscallException("close_range", errno.intValue()))
                    .hasMessageEndingWith("): it takes Linux 5.11 or later");
        }
    }

    @Test
    void flagsWithoutANameAreShownAsANumber() {
        assertThat(new Linux.Flags("MS_", Linux.MS_REC | 0x1000)).hasToString("MS_REC | 0x1000");
        assertThat(new Linux.Flags("MS_", 0)).hasToString("0x0");
    }

    private static void assertFails(ThrowingCallable call, Errno errno, String message) {
        SyscallException e = catchThrowableOfType(SyscallException.class, call);
        assertThat(e).hasMessage(message);
        assertThat(e.call()).isEqualTo(message.substring(0, message.indexOf('(')));
        assertThat(e.errno()).isEqualTo(errno.intValue());
        assertThat(e.exitStatus()).isEqualTo(125);
    }
}
