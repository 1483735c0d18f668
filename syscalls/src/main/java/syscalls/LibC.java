package syscalls;

import jnr.ffi.Pointer;
import jnr.posix.UnixLibC;

/**
 * glibc's functions as Java methods: those that JNR-POSIX declares already (inherited: execve, waitpid, kill, chdir,
 * open, write, …), and those that a container needs beside them. Each is described in section 2 of the Linux manual
 * under its name. All return -1 and set errno on failure unless said otherwise; call them through {@link Linux}, which
 * turns that into an exception. JNR's annotations of parameters are left out: each costs start-up time, and on 64-bit
 * Linux a {@code long} is a size_t and an unsigned long. For the same reason the build leaves only those of the
 * inherited functions that are called ({@link Narrowing}).
 */
public interface LibC extends UnixLibC {
    int unshare(int flags);

    int sethostname(String name, long length);

    int chroot(String path);

    int mount(String source, String target, String type, long flags, String data);

    int umount2(String target, int flags);

    int prctl(int option, long argument, long unused3, long unused4, long unused5);

    /**
     * Since Linux 5.9 (its flag CLOEXEC 5.11) and glibc 2.34; {@code last} is unsigned, -1 is the highest descriptor
     * there can be.
     */
    int close_range(int first, int last, int flags);

    /** The inherited one takes a Java handler; this one takes SIG_DFL (0) or SIG_IGN (1). */
    long signal(int signal, long disposition);

    /** JNR-POSIX has no siginfo_t: {@code info} is memory for one. */
    int waitid(int type, int id, Pointer info, int options);

    /** Whatever glibc has no function for: {@code number} is the call's, see syscall(2). */
    long syscall(long number, long a, long b, long c, long d, long e);

    /** JNR-POSIX's takes a Java object: {@code stat} is memory for a struct stat. */
    int fstat(int fd, Pointer stat);

    /** Returns how many bytes of entries came, 0 at the end. */
    long getdents64(int directory, Pointer entries, long size);

    int unlinkat(int directory, Pointer path, int flags);

    /** The foreground process group of a terminal (tcgetpgrp(3)). */
    int tcgetpgrp(int fd);

    int tcsetpgrp(int fd, int group);

    /** Returns the error number itself, and leaves errno alone (posix_spawn(3)). */
    int posix_spawnp(int[] pid, Pointer file, Pointer fileActions, Pointer attributes, Pointer argv, Pointer envp);

    /** JNR-POSIX's takes Java strings: these may be of any bytes. */
    int execve(Pointer path, Pointer argv, Pointer envp);

    int access(Pointer path, int mode);
}
