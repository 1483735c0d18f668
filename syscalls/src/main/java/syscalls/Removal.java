package syscalls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static syscalls.Linux.*;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * rm -r by directory handles: openat2(2), getdents64(2), unlinkat(2). No path is too long for it, no depth takes more
 * than two descriptors, no link is followed, names may be of any bytes, and what is mounted is not entered:
 * RESOLVE_NO_XDEV stops at bind mounts too. What can be removed is, whatever else cannot.
 */
final class Removal {
    enum Of {
        TREE,
        /** A cgroup: its files go with it. */
        GROUP,
        /** And its processes are killed. */
        GROUP_AND_PROCESSES
    }

    /** A directory below which something is being removed. */
    private record Level(byte[] name, long device, long inode, Deque<byte[]> directories) {
        boolean isOpenAs(Pointer stat) {
            return stat.getLong(ST_DEV) == device && stat.getLong(ST_INO) == inode;
        }
    }

    private static final int GETDENTS_BYTES = 32 * 1024;

    // Sizes of struct open_how and struct stat; offsets in it and in struct linux_dirent64, on both processors.
    private static final int SIZEOF_OPEN_HOW = 24;
    private static final int SIZEOF_STAT = 144; // 128 on aarch64
    private static final int ST_DEV = 0;
    private static final int ST_INO = 8;
    private static final int D_RECLEN = 16;
    private static final int D_TYPE = 18;
    private static final int D_NAME = 19;

    private final Of kind;
    private final Path parent;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final Pointer entries = Memory.allocateDirect(RUNTIME, GETDENTS_BYTES);
    private final Pointer path = Memory.allocateDirect(RUNTIME, 512);
    private final Pointer how = Memory.allocateDirect(RUNTIME, SIZEOF_OPEN_HOW, true);
    private final Pointer stat = Memory.allocateDirect(RUNTIME, SIZEOF_STAT);
    private SyscallException first;

    private Removal(Of kind, Path parent) {
        this.kind = kind;
        this.parent = parent;
    }

    /**
     * @param directory if it is gone already, that is no error
     * @throws IOException if not all of it could be removed, with the first reason: EXDEV something is mounted there;
     *     EBUSY a cgroup's processes have not ended within a second
     */
    static void of(Of kind, Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath().normalize();
        Removal removal = new Removal(kind, absolute.getParent());
        int fd = LIBC.open(absolute.getParent().toString(), O_CLOEXEC, 0);
        if (fd == -1 && errno() == ENOENT) {
            return;
        }
        check(fd, "open", absolute.getParent(), new Flags("O_", O_CLOEXEC));
        removal.remove(fd, absolute.getFileName().toString().getBytes(UTF_8));
        if (removal.first != null) {
            throw new IOException(removal.first.getMessage(), removal.first);
        }
    }

    private void remove(int directory, byte[] name) throws IOException {
        int fd = directory;
        try {
            enter(fd, new byte[0]).directories.add(name);
            while (true) {
                Level level = levels.element();
                byte[] next = level.directories.poll();
                if (next != null && !unlink(fd, next, AT_REMOVEDIR)) {
                    int inner = open(fd, next, "", 0);
                    if (inner == -1) {
                        failed("openat2", next);
                        continue;
                    }
                    LIBC.close(fd);
                    fd = inner;
                    empty(fd, enter(fd, next));
                } else if (next == null && levels.size() > 1) {
                    int upper = check(open(fd, "..".getBytes(US_ASCII), "", 0), "openat2", "..");
                    LIBC.close(fd);
                    fd = upper;
                    levels.pop();
                    if (!levels.element().isOpenAs(stat(fd))) {
                        throw new IOException(show(level.name) + " was moved while it was being removed");
                    }
                    removeEmptied(fd, level.name);
                } else if (next == null) {
                    return;
                }
            }
        } finally {
            LIBC.close(fd);
        }
    }

    private Level enter(int fd, byte[] name) {
        stat(fd);
        levels.push(new Level(name, stat.getLong(ST_DEV), stat.getLong(ST_INO), new ArrayDeque<>()));
        return levels.element();
    }

    private Pointer stat(int fd) {
        check(LIBC.fstat(fd, stat), "fstat", fd);
        return stat;
    }

    /** All but its directories, which it notes. */
    private void empty(int fd, Level level) {
        long length;
        while ((length = LIBC.getdents64(fd, entries, GETDENTS_BYTES)) > 0) {
            for (long at = 0; at < length; at += entries.getShort(at + D_RECLEN) & 0xffff) {
                byte[] name = name(at + D_NAME);
                boolean directory = entries.getByte(at + D_TYPE) == DT_DIR;
                if (Arrays.equals(name, new byte[] {'.'}) || Arrays.equals(name, new byte[] {'.', '.'})) {
                    continue;
                }
                if (!directory && kind == Of.TREE && !unlink(fd, name, 0)) {
                    directory = errno() == EISDIR; // a file system without d_type
                    if (!directory) {
                        failed("unlinkat", name);
                    }
                }
                if (directory) {
                    level.directories.add(name);
                }
            }
        }
    }

    private byte[] name(long at) {
        byte[] name = new byte[entries.indexOf(at, (byte) 0)];
        entries.get(at, name, 0, name.length);
        return name;
    }

    /** A group's last process takes a moment to leave it, even after it has ended: until then it is EBUSY. */
    private void removeEmptied(int fd, byte[] name) {
        for (int tries = 1; !unlink(fd, name, AT_REMOVEDIR); tries++) {
            if (kind == Of.TREE || errno() != EBUSY || tries == 100) {
                failed("unlinkat", name);
                return;
            }
            if (kind == Of.GROUP_AND_PROCESSES) {
                kill(fd, name);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    private boolean unlink(int fd, byte[] name, int flags) {
        return LIBC.unlinkat(fd, path(name, ""), flags) == 0
                || errno() == ENOENT
                || errno() == ENOTDIR && unlink(fd, name, 0);
    }

    private int open(int fd, byte[] name, String file, int flags) {
        how.putLong(0, O_CLOEXEC | O_NONBLOCK | flags);
        how.putLong(16, RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS);
        return (int) LIBC.syscall(SYS_openat2, fd, path(name, file).address(), how.address(), SIZEOF_OPEN_HOW, 0);
    }

    private Pointer path(byte[] name, String file) {
        path.put(0, name, 0, name.length);
        byte[] rest = (file + "\0").getBytes(US_ASCII);
        path.put(name.length, rest, 0, rest.length);
        return path;
    }

    /** cgroups(7), cgroup.kill since Linux 5.14; without it one by one, while no new one can come. */
    private void kill(int fd, byte[] group) {
        if (write(fd, group, "/cgroup.kill", "1")) {
            return;
        }
        write(fd, group, "/pids.max", "0");
        for (String pid : processes(fd, group)) {
            int process = (int) LIBC.syscall(SYS_pidfd_open, Long.parseLong(pid), 0, 0, 0, 0);
            if (process != -1) { // 0 is one of another PID namespace: EINVAL
                if (processes(fd, group).contains(pid)) { // else the PID is another's by now
                    LIBC.syscall(SYS_pidfd_send_signal, process, SIGKILL, 0, 0, 0);
                }
                LIBC.close(process);
            }
        }
    }

    private boolean write(int fd, byte[] group, String file, String value) {
        int control = open(fd, group, file, O_WRONLY);
        if (control == -1) {
            return false;
        }
        boolean written = LIBC.write(control, value.getBytes(US_ASCII), (long) value.length()) == value.length();
        LIBC.close(control);
        return written;
    }

    private List<String> processes(int fd, byte[] group) {
        int procs = open(fd, group, "/cgroup.procs", 0);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] some = new byte[4096];
        for (long length; procs != -1 && (length = LIBC.read(procs, some, (long) some.length)) > 0; ) {
            text.write(some, 0, (int) length);
        }
        if (procs != -1) {
            LIBC.close(procs);
        }
        return text.toString(US_ASCII).lines().toList();
    }

    private void failed(String call, byte[] name) {
        if (first == null) {
            first = new SyscallException(call, errno(), show(name));
        }
    }

    private String show(byte[] name) {
        StringBuilder shown = new StringBuilder(parent.toString());
        levels.descendingIterator().forEachRemaining(level -> append(shown, level.name));
        return append(shown, name).toString();
    }

    private static StringBuilder append(StringBuilder shown, byte[] name) {
        return name.length == 0 ? shown : shown.append('/').append(new String(name, UTF_8));
    }
}
