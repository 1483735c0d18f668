package syscalls;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static syscalls.Linux.*;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * What a program that was killed could not remove itself, and the next one does. A directory, a cgroup too, belongs to
 * the process that holds a lock on it (flock(2)): the kernel lets go of it when that process ends, however it ends, and
 * no number has to be believed, which another PID namespace counts otherwise and the kernel gives again.
 */
public final class Leftovers {
    /** This run's identity, 12 hexadecimal digits that the kernel draws (random(4)): its cgroup and its folder have it. */
    public static final String RUN_ID = newId();

    /** Open as long as they are this process's. */
    private static final Map<Path, Integer> LOCKS = new HashMap<>();

    private Leftovers() {}

    /** Another identity, for a process that owns several things. */
    public static String newId() {
        try (InputStream random = Files.newInputStream(Path.of("/dev/urandom"))) {
            return HexFormat.of().formatHex(random.readNBytes(6));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Makes a directory that is this process's as long as it lives: mkdir(2), and a lock on it, flock(2). To others it is
     * no leftover.
     *
     * @throws SyscallException of flock: EBADF, ENOLCK on a network file system that cannot lock
     */
    public static void own(Path directory) throws IOException {
        Files.createDirectory(directory);
        // In this very moment another process may take it for a leftover: then it goes, and is made again.
        for (int tries = 0; !lock(directory) || !Files.exists(directory); tries++) {
            if (tries == 1000) {
                throw new IOException(directory + ": another process holds a lock on it");
            }
            LockSupport.parkNanos(10_000_000);
            Files.createDirectories(directory);
        }
    }

    private static synchronized boolean lock(Path directory) {
        int fd = LIBC.open(directory.toString(), O_CLOEXEC, 0);
        if (fd == -1) {
            return false;
        }
        if (LIBC.flock(fd, LOCK_EX | LOCK_NB) == -1) {
            int errno = errno();
            LIBC.close(fd);
            if (errno == EAGAIN) {
                return false;
            }
            throw new SyscallException("flock", errno, directory, "LOCK_EX | LOCK_NB");
        }
        Integer before = LOCKS.put(directory, fd);
        if (before != null) {
            LIBC.close(before);
        }
        return true;
    }

    private static synchronized void unlock(Path directory) {
        Integer fd = LOCKS.remove(directory);
        if (fd != null) {
            LIBC.close(fd);
        }
    }

    /**
     * What runs left behind that were killed before they could clean up: directories that are named after a run, and
     * that no process owns. They are this process's from now on.
     *
     * @param prefix what stands before the identity in their names
     */
    public static List<Path> leftovers(Path directory, String prefix) throws IOException {
        List<Path> leftovers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.startsWith(prefix)
                        && Files.isDirectory(entry, NOFOLLOW_LINKS)
                        && name.substring(prefix.length()).matches("[0-9a-f]{12}")
                        && lock(entry)) {
                    leftovers.add(entry);
                }
            }
        }
        return leftovers;
    }

    /** The same, only to look at them: at once they are nobody's again. */
    public static List<Path> unowned(Path directory, String prefix) throws IOException {
        List<Path> leftovers = leftovers(directory, prefix);
        leftovers.forEach(Leftovers::unlock);
        return leftovers;
    }

    /** What is this process's now. */
    public static synchronized Set<Path> owned() {
        return Set.copyOf(LOCKS.keySet());
    }

    /**
     * Removes a directory and all in it, following no symbolic link and leaving alone what is mounted there; what another
     * process removes meanwhile is no error.
     *
     * @throws IOException if something could not be removed, with the first reason; the rest is gone
     */
    public static void deleteTree(Path directory) throws IOException {
        try {
            Removal.of(Removal.Of.TREE, directory);
        } finally {
            unlock(directory);
        }
    }

    /** The same; what cannot be removed is a line of warning, and the next run's to try: it is no failure of this one. */
    public static void removeTree(Path directory) {
        warn(directory, () -> deleteTree(directory));
    }

    /**
     * Removes a cgroup, and those below it: rmdir(2). What its processes are still in (EBUSY, for a second at most) is a
     * line of warning, and the next run's to end.
     */
    public static void removeGroup(Path group) {
        warn(group, () -> Removal.of(Removal.Of.GROUP, group));
        unlock(group);
    }

    /**
     * The same, and what is in it still is killed first.
     *
     * @throws IOException EBUSY if that takes more than a second
     */
    public static void deleteGroup(Path group) throws IOException {
        try {
            Removal.of(Removal.Of.GROUP_AND_PROCESSES, group);
        } finally {
            unlock(group);
        }
    }

    /**
     * Removes the cgroups of runs that were killed, in every hierarchy, and ends what lives on in them: a process that
     * changed its user has lost its parent-death signal.
     *
     * @param prefix what stands before the run's identity in their names
     */
    public static void removeGroups(String prefix) throws IOException {
        List<Mount> mounts = Mount.all();
        for (Mount mount : mounts) {
            if (mount.type().startsWith("cgroup") && mount.isVisible(mounts)) {
                for (Path leftover : leftovers(mount.point(), prefix)) {
                    warn(leftover, () -> deleteGroup(leftover));
                }
            }
        }
    }

    /** Removes all that this process has made its own and not removed yet. */
    public static synchronized void removeOwned() {
        for (Path directory : List.copyOf(LOCKS.keySet())) {
            boolean group = Files.exists(directory.resolve("cgroup.procs"));
            warn(directory, group ? () -> deleteGroup(directory) : () -> deleteTree(directory));
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void warn(Path what, Step removal) {
        try {
            removal.run();
        } catch (IOException | SyscallException e) {
            System.err.println("container: " + what + " is left for the next run: " + Failure.inOneLine(e));
        }
    }
}
