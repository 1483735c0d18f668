package syscalls;

import static syscalls.Linux.HAS_OWN_USERS;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import jnr.constants.platform.Errno;

/**
 * A system call that failed. The message is one line: the call as it was made, the error's name and text (errno(3)),
 * and, where it is known, what is likely the matter.
 */
public final class SyscallException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What ends a container before its command has run (docker-run(1), Exit Status). */
    private static final int CONTAINER_FAILED = 125;

    static final String OWN_USERS =
            "root of a user namespace is not the machine's root (/proc/self/uid_map), and may not";

    /** Characters of an argument, or of all, that are shown. */
    private static final int LONG = 2000;

    private static final int COMMAND_NOT_EXECUTABLE = 126;
    private static final int COMMAND_NOT_FOUND = 127;

    private final String call;
    private final int errno;
    private final int exitStatus;

    SyscallException(String call, int errno, Object... arguments) {
        this(call, Arrays.asList(arguments), errno, CONTAINER_FAILED, likelyCause(call, errno));
    }

    private SyscallException(String call, List<?> arguments, int errno, int exitStatus, String cause) {
        super(call + arguments.stream().map(SyscallException::show).collect(Collectors.joining(", ", "(", "): "))
                + Errno.valueOf(errno).name()
                + " ("
                + Errno.valueOf(errno).description() // strerror(3) speaks the user's language
                + ")"
                + (cause == null ? "" : ": " + cause));
        this.call = call;
        this.errno = errno;
        this.exitStatus = exitStatus;
    }

    /** The command could not be started: exit status 127 if there is none, 126 if it is no program. */
    static SyscallException ofCommand(String call, String path, List<String> command, int errno) {
        List<?> arguments = List.of(path, new Quoted(command));
        if (errno == Errno.ENOENT.intValue()) {
            String cause = path.contains("/") && Words.isFile(path)
                    ? "the program is there, but not its loader or #! interpreter"
                    : "no such command here";
            return new SyscallException(call, arguments, errno, COMMAND_NOT_FOUND, cause);
        }
        if (path.contains("/") && Words.isFile(path + "/.")) {
            String cause = "a directory is no command; name a program in it";
            return new SyscallException(call, arguments, errno, CONTAINER_FAILED, cause);
        }
        boolean noProgram = errno == Errno.EACCES.intValue() || errno == Errno.ENOEXEC.intValue();
        int status = noProgram ? COMMAND_NOT_EXECUTABLE : CONTAINER_FAILED;
        return new SyscallException(call, arguments, errno, status, likelyCause(call, errno));
    }

    /** The failed call's name, e.g. {@code unshare}. */
    public String call() {
        return call;
    }

    /** The error number, e.g. 1 for EPERM. */
    public int errno() {
        return errno;
    }

    /** What the program should exit with, after docker-run(1): 127 no such command, 126 it cannot run, 125 all else. */
    public int exitStatus() {
        return exitStatus;
    }

    private record Quoted(List<String> words) {
        @Override
        public String toString() {
            String shown = words.stream().map(SyscallException::show).collect(Collectors.joining(", "));
            return "[" + (shown.length() > LONG ? shown.substring(0, LONG) + "… " + words.size() + " words" : shown)
                    + "]";
        }
    }

    private static String show(Object argument) {
        if (!(argument instanceof String || argument instanceof Path)) {
            return "" + argument;
        }
        String text = Failure.printable(argument.toString());
        return '"'
                + (text.length() > LONG ? text.substring(0, LONG) + "… " + text.length() + " characters" : text)
                + '"';
    }

    private static String likelyCause(String call, int errno) {
        Errno error = Errno.valueOf(errno);
        return switch (call + " " + error.name()) {
            case "unshare EPERM", "sethostname EPERM", "chroot EPERM", "mount EPERM", "umount2 EPERM" ->
                HAS_OWN_USERS ? OWN_USERS : "only root may do this; run it with sudo";
            case "unshare EINVAL" -> "this kernel lacks the namespace";
            case "unshare ENOSPC" -> "a limit in /proc/sys/user/max_*_namespaces is reached";
            case "chroot ENOENT" -> "there is no root file system; ./lab rootfs makes one";
            case "chroot ENOTDIR" -> "a root file system is a directory; ./lab rootfs makes one";
            case "mount ENOENT" -> "the mount point is missing (a root file system needs a directory /proc)";
            case "mount ENOTDIR" -> "the mount point is not a directory";
            case "mount ENODEV" -> "this kernel lacks the file system; sudo modprobe may load it";
            case "mount EINVAL" -> "the file system refused the options; sudo dmesg may say more";
            case "mount ELOOP" -> "a layer is given twice, or a symbolic link leads to itself";
            case "umount2 EINVAL" -> "nothing is mounted there";
            case "sethostname EINVAL" -> "a host name has at most 64 bytes";
            case "openat2 EXDEV" -> "something is mounted there, and is left alone; sudo umount takes it away";
            case "flock EBADF", "flock ENOLCK" -> "this file system cannot lock a directory; choose another LAB_HOME";
            case "rmdir EBUSY", "unlinkat EBUSY" -> "processes or groups are in it still";
            case "write EINVAL" -> "the file takes no such value";
            case "write EBUSY", "write ENOTSUP", "write EOPNOTSUPP" ->
                "on cgroup v2 a group has either processes or limits for groups below it; is this inside a container?";
            case "close_range ENOSYS", "close_range EINVAL" -> "it takes Linux 5.11 or later";
            case "execve EACCES", "posix_spawnp EACCES" -> "not executable; chmod +x makes it so";
            case "posix_spawnp EAGAIN" -> "a limit on the number of processes is reached (pids.max, ulimit -u)";
            case "posix_spawnp ENOMEM" -> "no memory, or PID 1 of the new PID namespace has ended already";
            case "execve E2BIG", "posix_spawnp E2BIG" -> "the arguments and the environment are too long";
            case "execve ENOEXEC", "posix_spawnp ENOEXEC" ->
                "neither a program for this processor nor a script with #!";
            default -> null;
        };
    }
}
