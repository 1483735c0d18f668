package syscalls;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import jnr.ffi.types.u_int64_t;

/**
 * glibc's functions as Java methods: those that a container needs, and no more, for each of them costs start-up time.
 * Each is described in section 2 of the Linux manual under its name. All return -1 and set errno
 * on failure unless said otherwise; call them through {@link Linux}, which turns that into an exception.
 */
public interface LibC {
    int getpid();

    int unshare(int flags);

    int sethostname(String name, @size_t long length);

    int chroot(String path);

    int chdir(String path);

    int mount(String source, String target, String type, @u_int64_t long flags, String data);

    int umount2(String target, int flags);

    int prctl(int option, long argument, long unused3, long unused4, long unused5);

    /**
     * Since Linux 5.9 (its flag CLOEXEC 5.11) and glibc 2.34; {@code last} is unsigned, -1 is the highest descriptor
     * there can be.
     */
    int close_range(int first, int last, int flags);

    int open(String path, int flags, int mode);

    @ssize_t
    long write(int fd, @In byte[] bytes, @size_t long count);

    int close(int fd);

    int rmdir(String path);

    int execve(String path, @In String[] argv, @In String[] envp);

    int kill(int pid, int signal);

    int waitpid(int pid, @Out int[] status, int options);

    int sigprocmask(int how, Pointer set, Pointer oldSet);

    /** Takes, of all dispositions, SIG_DFL (0) or SIG_IGN (1) only: a handler would be a function. */
    long signal(int signal, long disposition);

    /** Returns the error number itself, and leaves errno alone (posix_spawn(3)). */
    int posix_spawnp(
            @Out int[] pid, String file, Pointer fileActions, Pointer attributes, @In String[] argv, @In String[] envp);

    /** An error's text; never fails. */
    String strerror(int errno);
}
