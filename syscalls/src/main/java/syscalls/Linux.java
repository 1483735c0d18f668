package syscalls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The system calls that make a container, under their own names: import this class statically and the code reads as
 * the manual does. A call that fails throws a {@link SyscallException}; the errors named here are the ones that a
 * container program meets, the manual pages (section 2) have them all.
 */
public final class Linux {
    // <linux/sched.h>; unshare(2), namespaces(7)
    public static final int CLONE_NEWNS = 0x0002_0000;
    public static final int CLONE_NEWUTS = 0x0400_0000;
    public static final int CLONE_NEWPID = 0x2000_0000;

    // <linux/mount.h>; mount(2)
    public static final int MS_NOSUID = 2;
    public static final int MS_NODEV = 4;
    public static final int MS_NOEXEC = 8;
    public static final int MS_REC = 0x4000;
    public static final int MS_PRIVATE = 0x4_0000;

    // <sys/mount.h>; umount2(2)
    public static final int MNT_DETACH = 2;
    public static final int UMOUNT_NOFOLLOW = 8;

    // <fcntl.h>; open(2)
    public static final int O_WRONLY = 1;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x8_0000;
    static final int AT_REMOVEDIR = 0x200;
    static final int F_OK = 0;
    static final int LOCK_EX = 2; // <sys/file.h>; flock(2)
    static final int LOCK_NB = 4;
    static final int DT_DIR = 4; // <dirent.h>; readdir(3)

    // <linux/openat2.h>; openat2(2)
    static final int RESOLVE_NO_XDEV = 1;
    static final int RESOLVE_NO_SYMLINKS = 4;

    // <sys/syscall.h>: of calls that came late enough to have the same number on every processor
    static final int SYS_pidfd_send_signal = 424;
    static final int SYS_pidfd_open = 434;
    static final int SYS_openat2 = 437;

    // <linux/prctl.h>, <linux/close_range.h>, <signal.h>
    static final int PR_SET_PDEATHSIG = 1;
    static final int CLOSE_RANGE_CLOEXEC = 4;
    static final int SIG_SETMASK = 2;
    static final int SIGINT = 2;
    static final int SIGQUIT = 3;
    static final int SIGKILL = 9;
    static final int SIGCHLD = 17;
    static final int SIGTTOU = 22;
    static final long SIG_DFL = 0;
    static final long SIG_IGN = 1;
    static final int SIZEOF_SIGSET_T = 128;

    // <errno.h>; errno(3). JNR has them all, for the messages: to load them takes longer than most calls.
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;

    // <sys/wait.h>; waitid(2)
    static final int P_PID = 1;
    static final int WEXITED = 4;
    static final int WNOWAIT = 0x0100_0000;
    static final int SIZEOF_SIGINFO_T = 128;

    // <spawn.h>; posix_spawn(3)
    static final int POSIX_SPAWN_SETSIGDEF = 4;
    static final int POSIX_SPAWN_SETSIGMASK = 8;
    static final int SIZEOF_POSIX_SPAWNATTR_T = 336;

    static final LibC LIBC;
    static final Runtime RUNTIME;

    /** Whether this is a user namespace of its own (user_namespaces(7), uid_map); asked while there is a /proc. */
    static final boolean HAS_OWN_USERS = hasOwnUsers();

    static {
        // JNR's generated stubs may free a String[] argument during the call (jnr-ffi issue 358), take more time to
        // start than its reflection does, and know not all types of JNR-POSIX.
        System.setProperty("jnr.ffi.asm.enabled", "false");
        LIBC = LibraryLoader.create(LibC.class).load("libc.so.6"); // its whole name: for "c" JNR would search /lib
        RUNTIME = Runtime.getRuntime(LIBC);
        // JNR starts a thread when it first allocates memory: after unshare(CLONE_NEWPID) it could not. And Words could
        // not be found after chroot, where it is not in a jar.
        Words.inMemory(List.of());
        closeFilesOfTheJvmOnExec();
    }

    private Linux() {}

    private static boolean hasOwnUsers() {
        try {
            return !Files.readString(Path.of("/proc/self/uid_map")).strip().matches("0 +0 +4294967295");
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Where standard input, output or error was closed when this program was started, the first files that the JVM opens
     * take its place: the command would read the JVM's own.
     */
    private static void closeFilesOfTheJvmOnExec() {
        List<Path> own = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "lib", "modules")));
        for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
            own.add(Path.of(jar));
        }
        for (int fd = 0; fd <= 2; fd++) {
            Path open = Path.of("/proc/self/fd/" + fd);
            for (Path file : own) {
                try {
                    if (Files.isRegularFile(open) && Files.isSameFile(open, file)) {
                        LIBC.close_range(fd, fd, CLOSE_RANGE_CLOEXEC);
                    }
                } catch (IOException e) {
                    continue; // there is no such file, so it is not open either
                }
            }
        }
    }

    /** This process's id, as its own PID namespace numbers it: getpid(2). */
    public static int getpid() {
        return LIBC.getpid();
    }

    /**
     * Moves the <em>calling thread</em> into new namespaces, or, for CLONE_NEWPID, the children that it will start:
     * unshare(2). A thread that has called it with CLONE_NEWPID can start no further threads (EINVAL).
     *
     * @param flags CLONE_NEW… flags, or-ed
     * @throws SyscallException EPERM without CAP_SYS_ADMIN; ENOSPC at a limit in /proc/sys/user
     */
    public static void unshare(int flags) {
        check(LIBC.unshare(flags), "unshare", new Flags("CLONE_", flags));
    }

    /**
     * Sets the host name of the caller's UTS namespace: sethostname(2).
     *
     * @throws SyscallException EPERM without CAP_SYS_ADMIN; EINVAL for a name longer than 64 bytes
     */
    public static void sethostname(String name) {
        check(LIBC.sethostname(name, name.getBytes(UTF_8).length), "sethostname", name);
    }

    /**
     * Makes a directory the process's root: chroot(2). The working directory stays where it is, outside: follow it with
     * {@link #chdir}.
     *
     * @throws SyscallException ENOENT, ENOTDIR for the path; EPERM without CAP_SYS_CHROOT
     */
    public static void chroot(Path root) {
        check(LIBC.chroot(root.toString()), "chroot", root);
    }

    /**
     * Changes the process's working directory: chdir(2). Java's own idea of it (user.dir) does not change.
     *
     * @throws SyscallException ENOENT, ENOTDIR, EACCES for the path
     */
    public static void chdir(String directory) {
        check(LIBC.chdir(directory), "chdir", directory);
    }

    /**
     * Attaches a file system, or changes how a mount propagates: mount(2).
     *
     * @param source a device, a directory, or for a file system without one any word: it is what mountinfo shows
     * @param type the file system's name in /proc/filesystems; null where the flags need none
     * @param flags MS_… flags, or-ed
     * @param data the file system's own options, comma-separated; may be null
     * @throws SyscallException EPERM without CAP_SYS_ADMIN; ENOENT for a path; ENODEV for an unknown type; EINVAL for
     *     bad data; EBUSY for a source or an overlay directory in use
     * @throws IllegalArgumentException if data is longer than a page: the kernel would cut it, and misunderstand
     */
    public static void mount(String source, String target, String type, int flags, String data) {
        int length = data == null ? 0 : data.getBytes(UTF_8).length;
        if (length > 4095) { // a page, with the zero at its end
            throw new IllegalArgumentException("mount(\"" + source + "\", \"" + target + "\"): its options have "
                    + length + " bytes, and the kernel takes 4095; fewer layers, or shorter names, will do");
        }
        check(
                LIBC.mount(source, target, type, flags, data),
                "mount",
                source,
                target,
                type,
                new Flags("MS_", flags),
                data);
    }

    /**
     * Takes a mount away: umount2(2).
     *
     * @param flags MNT_DETACH: at once from the tree, and for good when nobody uses it any more; UMOUNT_NOFOLLOW: not
     *     where a symbolic link leads
     * @throws SyscallException EINVAL where nothing is mounted; EBUSY while it is in use; EPERM without CAP_SYS_ADMIN
     */
    public static void umount2(Path target, int flags) {
        check(LIBC.umount2(target.toString(), flags), "umount2", target, new Flags("MNT_|UMOUNT_", flags));
    }

    /**
     * Whether something is mounted on a directory, as the calling thread sees it (proc(5), mountinfo). A symbolic link
     * is not followed.
     */
    public static boolean isMountPoint(Path directory) throws IOException {
        Path point = directory.getParent().toRealPath().resolve(directory.getFileName());
        return Mount.all().stream().anyMatch(mount -> mount.point().equals(point));
    }

    /**
     * The mounts of proc on or below a directory in whose PID namespace nothing lives any more: mount points, the last
     * first. One is looked for when the one before has been unmounted, for it may have covered it.
     */
    public static Iterable<Path> endedProcs(Path directory) throws IOException {
        if (!directory.toFile().exists()) {
            return List.of();
        }
        Path root = directory.toRealPath();
        return () -> Stream.generate(() -> endedProc(root))
                .takeWhile(Optional::isPresent)
                .map(Optional::get)
                .iterator();
    }

    private static Optional<Path> endedProc(Path root) {
        Path hosts = Path.of("/proc");
        if (hosts.startsWith(root) && Files.notExists(hosts.resolve("1"))) {
            return Optional.of(hosts); // it covers the one that could tell of mounts
        }
        try {
            return Mount.below(root, Mount.all()).stream()
                    .filter(mount -> mount.type().equals("proc")
                            && Files.notExists(mount.point().resolve("1")))
                    .map(Mount::point)
                    .reduce((earlier, later) -> later);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Opens a file that exists: open(2).
     *
     * @param flags O_… flags, or-ed
     * @return the file descriptor
     * @throws SyscallException ENOENT, ENOTDIR, EACCES for the path; EROFS
     */
    public static int open(Path file, int flags) {
        return check(LIBC.open(file.toString(), flags, 0), "open", file, new Flags("O_", flags));
    }

    /**
     * Writes a value in a single call, as the kernel's control files want it: write(2).
     *
     * @throws SyscallException what the file makes of it: EINVAL for a bad value, EBUSY, ENOTSUP
     */
    public static void write(int fd, Object value) {
        write(fd, fd, value);
    }

    private static void write(int fd, Object file, Object value) {
        byte[] bytes = value.toString().getBytes(UTF_8);
        check((int) LIBC.write(fd, bytes, (long) bytes.length), "write", file, value);
    }

    /** The same as {@code echo value > file}, for a file that exists. */
    public static void write(Path file, Object value) {
        int fd = open(file, O_WRONLY);
        try {
            write(fd, file, value);
        } finally {
            LIBC.close(fd);
        }
    }

    /** The same, if there is such a file. */
    public static void writeIfExists(Path file, Object value) {
        if (Files.exists(file)) {
            write(file, value);
        }
    }

    /**
     * Where a controller's cgroups are: in a v1 hierarchy of its own, or in the v2 one; on a hybrid system each
     * controller is in one or the other (cgroups(7)).
     *
     * @param controller e.g. pids or memory
     * @return the mount point
     * @throws IOException if there is none
     */
    public static Path cgroupHierarchy(String controller) throws IOException {
        List<Mount> mounts = Mount.all();
        for (Mount mount : mounts) {
            List<String> controllers =
                    switch (mount.type()) {
                        case "cgroup" -> mount.superOptions();
                        case "cgroup2" -> words(mount.point().resolve("cgroup.controllers"));
                        default -> List.of();
                    };
            if (controllers.contains(controller) && mount.isVisible(mounts)) {
                return mount.point();
            }
        }
        throw new IOException("no mounted cgroup hierarchy has the " + controller + " controller; see ./lab doctor");
    }

    private static List<String> words(Path file) throws IOException {
        return Files.exists(file) ? List.of(Files.readString(file).trim().split(" ")) : List.of(); // else it is covered
    }

    /**
     * Removes an empty cgroup: rmdir(2). The kernel takes a moment to let go of the last process, and says EBUSY until
     * then: that is waited for, for a second at most. A cgroup that is gone already is no error.
     *
     * @throws SyscallException EBUSY if there are processes or groups in it still
     */
    public static void rmdir(Path cgroup) {
        for (int tries = 1; LIBC.rmdir(cgroup.toString()) == -1; tries++) {
            if (errno() == ENOENT) {
                return;
            }
            if (errno() != EBUSY || tries == 100) {
                throw new SyscallException("rmdir", errno(), cgroup);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    /**
     * Becomes the command: execve(2). The process stays the same, its PID too; what ends is this JVM, with its threads.
     * Nothing of the JVM is left to the command: no open file above standard error, and no blocked signal.
     *
     * @param command the program and its arguments; without a slash the program is looked for in environment's PATH
     * @param environment all of the command's environment
     * @throws SyscallException ENOENT (also where the program's loader or interpreter is missing), EACCES (also for a
     *     directory), ENOEXEC, E2BIG; otherwise this method does not return
     */
    public static void execvpe(List<String> command, Map<String, String> environment) {
        Pointer argv = Words.inMemory(command);
        Pointer envp = Words.inMemory(
                environment.entrySet().stream().map(Object::toString).toList());
        String name = command.get(0);
        closeOnExec();
        Pointer none = newSignalSet();
        check(LIBC.sigprocmask(SIG_SETMASK, none, null), "sigprocmask", SIG_SETMASK);
        Words.inUse(none);

        String path = name.isEmpty() || name.contains("/") ? "" : environment.getOrDefault("PATH", "/bin:/usr/bin");
        String tried = name;
        int error = ENOENT;
        for (String directory : path.split(":", -1)) {
            String candidate = directory.isEmpty() ? name : directory + "/" + name;
            Pointer file = Words.inMemory(candidate);
            LIBC.execve(file, argv, envp);
            int failure = errno();
            Words.inUse(file, argv, envp);
            if (path.isEmpty() || Words.isFile(candidate)) {
                tried = candidate;
                error = failure;
                if (failure != EACCES) {
                    break; // one that may not be executed hides no later one, as in execvp(3)
                }
            }
        }
        throw SyscallException.ofCommand("execve", tried, command, error);
    }

    /** Of all that this JVM has open, only standard input, output and error outlive an exec: close_range(2). */
    static void closeOnExec() {
        check(LIBC.close_range(3, -1, CLOSE_RANGE_CLOEXEC), "close_range", 3, -1, CLOSE_RANGE_CLOEXEC);
    }

    /** A sigset_t with no signal in it; signal n is bit n - 1. */
    static Pointer newSignalSet() {
        return Memory.allocateDirect(RUNTIME, SIZEOF_SIGSET_T, true);
    }

    static int check(int result, String call, Object... arguments) {
        if (result == -1) {
            throw new SyscallException(call, errno(), arguments);
        }
        return result;
    }

    /** The errno of this thread's last call; meaningful only after a call that returned -1. */
    static int errno() {
        return LastError.getLastError(RUNTIME);
    }

    /** Flags that print as their names, e.g. CLONE_NEWUTS | CLONE_NEWPID. */
    record Flags(String prefix, int value) {
        @Override
        public String toString() {
            List<String> names = new ArrayList<>();
            int unnamed = value;
            for (var field : Linux.class.getFields()) {
                try {
                    if (field.getName().matches("(" + prefix + ").*") && (value & field.getInt(null)) != 0) {
                        names.add(field.getName());
                        unnamed &= ~field.getInt(null);
                    }
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
            if (unnamed != 0 || names.isEmpty()) {
                names.add("0x" + Integer.toHexString(unnamed));
            }
            return String.join(" | ", names);
        }
    }
}
