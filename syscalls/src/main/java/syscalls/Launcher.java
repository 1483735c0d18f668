package syscalls;

import static syscalls.Linux.EINTR;
import static syscalls.Linux.ESRCH;
import static syscalls.Linux.LIBC;
import static syscalls.Linux.POSIX_SPAWN_SETSIGDEF;
import static syscalls.Linux.POSIX_SPAWN_SETSIGMASK;
import static syscalls.Linux.PR_SET_PDEATHSIG;
import static syscalls.Linux.P_PID;
import static syscalls.Linux.RUNTIME;
import static syscalls.Linux.SIGCHLD;
import static syscalls.Linux.SIGINT;
import static syscalls.Linux.SIGKILL;
import static syscalls.Linux.SIGQUIT;
import static syscalls.Linux.SIGTTOU;
import static syscalls.Linux.SIG_DFL;
import static syscalls.Linux.SIG_IGN;
import static syscalls.Linux.SIZEOF_POSIX_SPAWNATTR_T;
import static syscalls.Linux.SIZEOF_SIGINFO_T;
import static syscalls.Linux.SYS_pidfd_open;
import static syscalls.Linux.SYS_pidfd_send_signal;
import static syscalls.Linux.WEXITED;
import static syscalls.Linux.WNOWAIT;
import static syscalls.Linux.check;
import static syscalls.Linux.closeOnExec;
import static syscalls.Linux.errno;
import static syscalls.Linux.getpid;
import static syscalls.Linux.newSignalSet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * Starting a process from Java and waiting for it, where ProcessBuilder will not do: its helper threads cannot be
 * started by a thread that has left its PID namespace.
 */
public final class Launcher {
    private static final String PARENT = "parent.pid";
    private static final String THIS_PROGRAM = "/proc/self/exe";

    /** The status of a JVM that fails before main; this program never ends with it. */
    private static final int JVM_FAILED = 1 << 8;

    /** What a JVM takes options from, other than its command line: they are for the JVM that the user starts. */
    private static final Pattern OPTIONS_OF_A_JVM =
            Pattern.compile("(?s)(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS)=.*");

    /** The process that was started, whether it has ended or not (pidfd_open(2)): a PID would be another's some day. */
    private static int child = -1;

    private static boolean ending;
    private static boolean inForeground;
    private static boolean isThisProgram;

    private Launcher() {}

    /**
     * Runs {@code body} on a thread of its own and waits for it. Needed because unshare(2) moves one thread only, which
     * must then be the one that starts the child, and because after CLONE_NEWPID that thread can start no threads, so
     * that the JVM could not shut down from it.
     *
     * <p>When this program is told to end (SIGTERM, SIGHUP) the child is killed, and the program ends when
     * {@code body} has: its {@code finally} blocks run, but for SIGKILL.
     */
    public static int launch(Callable<Integer> body) throws Exception {
        FutureTask<Integer> task = new FutureTask<>(body);
        Thread launcher = new Thread(task, "launcher");
        Thread hook = new Thread(() -> endWith(launcher));
        java.lang.Runtime.getRuntime().addShutdownHook(hook);
        try {
            launcher.start();
        } catch (OutOfMemoryError e) { // it says "unable to create native thread", whatever there is of memory
            java.lang.Runtime.getRuntime().removeShutdownHook(hook);
            throw new IllegalStateException(e); // a limit is reached, or this thread has called unshare(CLONE_NEWPID)
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static void endWith(Thread launcher) {
        synchronized (Launcher.class) {
            ending = true;
            killChild();
        }
        try {
            launcher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void killChild() {
        if (child != -1) {
            LIBC.syscall(SYS_pidfd_send_signal, child, SIGKILL, 0, 0, 0); // ESRCH if it has ended
        }
    }

    /**
     * Starts a command as a child of the calling thread, with this program's environment, terminal, and standard input
     * and output, and with nothing else of the JVM: posix_spawn(3). From then on Ctrl-C and Ctrl-\ are the command's
     * alone, as in system(3).
     *
     * @param command the program, looked for in PATH, and its arguments
     * @return its PID, to be given to {@link #waitpid}
     * @throws SyscallException ENOENT, EACCES … as for {@link Linux#execvpe}; EAGAIN at a limit on processes; ENOMEM
     */
    public static synchronized int spawn(List<String> command) {
        String name = command.get(0);
        isThisProgram = name.equals(THIS_PROGRAM);
        List<String> environment = Words.ofThisProcess("environ");
        environment.removeIf(
                variable -> isThisProgram && OPTIONS_OF_A_JVM.matcher(variable).matches());
        inForeground = LIBC.tcgetpgrp(0) == LIBC.getpgrp();
        LIBC.signal(SIGCHLD, SIG_DFL); // where it is ignored the kernel waits for our children itself: ECHILD
        closeOnExec();
        int[] pid = new int[1];
        Pointer file = Words.inMemory(name);
        Pointer attributes = attributes();
        Pointer argv = Words.inMemory(command);
        Pointer envp = Words.inMemory(environment);
        int errno = LIBC.posix_spawnp(pid, file, null, attributes, argv, envp);
        Words.inUse(file, attributes, argv, envp);
        if (errno != 0) {
            throw SyscallException.ofCommand("posix_spawnp", name, command, errno);
        }
        child = (int) LIBC.syscall(SYS_pidfd_open, pid[0], 0, 0, 0, 0);
        if (child == -1) {
            LIBC.kill(pid[0], SIGKILL); // nobody has waited for it yet: the PID is its own
            throw new SyscallException("pidfd_open", errno(), pid[0]);
        }
        if (ending) {
            killChild();
        }
        return pid[0];
    }

    /** As system(3) does it: from now on this process ignores Ctrl-C and Ctrl-\, and the command does not. */
    private static Pointer attributes() {
        Pointer heeded = newSignalSet();
        for (int signal : new int[] {SIGINT, SIGQUIT}) {
            if (LIBC.signal(signal, SIG_IGN) != SIG_IGN) { // else who started this program wants it ignored
                heeded.putLong(0, heeded.getLong(0) | 1L << signal - 1);
            }
        }
        Pointer attributes = Memory.allocateDirect(RUNTIME, SIZEOF_POSIX_SPAWNATTR_T);
        LIBC.posix_spawnattr_init(attributes);
        LIBC.posix_spawnattr_setflags(attributes, (short) (POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
        Pointer none = newSignalSet(); // blocked: every Java thread blocks SIGQUIT
        LIBC.posix_spawnattr_setsigmask(attributes, none);
        LIBC.posix_spawnattr_setsigdefault(attributes, heeded);
        Words.inUse(none, heeded);
        return attributes;
    }

    /**
     * Waits for a child to end: waitpid(2).
     *
     * @return its exit code, or 128 + n if signal n killed it, as a shell would say
     * @throws SyscallException ECHILD if it is no child of this process
     * @throws IllegalStateException if it was {@link #thisProgram}, and Java could not even start
     */
    public static int waitpid(int pid) {
        boolean neverBecameTheCommand = isThisProgram && hasName(pid, "exe");
        int[] status = new int[1];
        int result;
        do {
            result = LIBC.waitpid(pid, status, 0);
        } while (result == -1 && errno() == EINTR);
        check(result, "waitpid", pid);
        if (inForeground && hasGone(LIBC.tcgetpgrp(0))) {
            // A shell gives the terminal back when it ends, but not to a process group outside its PID namespace.
            LIBC.signal(SIGTTOU, SIG_IGN);
            LIBC.tcsetpgrp(0, LIBC.getpgrp());
        }
        if (neverBecameTheCommand && status[0] == JVM_FAILED) {
            throw new IllegalStateException("the container's JVM could not start, as it says above;"
                    + " a limit on processes or memory is reached (pids.max, memory.max, ulimit)");
        }
        int signal = status[0] & 0x7f;
        return signal == 0 ? status[0] >> 8 & 0xff : 128 + signal;
    }

    /** A group that lives is somebody else's: of a command, say, that our user has started after Ctrl-Z and bg. */
    private static boolean hasGone(int group) {
        return group > 0 && LIBC.kill(-group, 0) == -1 && errno() == ESRCH;
    }

    /** Waits for a child to end, leaves it to {@link #waitpid}, and says whether its last program had this name. */
    private static boolean hasName(int pid, String name) {
        Pointer info = Memory.allocateDirect(RUNTIME, SIZEOF_SIGINFO_T);
        int result;
        do {
            result = LIBC.waitid(P_PID, pid, info, WEXITED | WNOWAIT);
        } while (result == -1 && errno() == EINTR);
        Words.inUse(info);
        try {
            return result == 0
                    && Files.readString(Path.of("/proc", "" + pid, "comm")).equals(name + "\n");
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * This program again, as a command for {@link #spawn}: what /proc/self/exe is to a Go program. Its JVM has the options
     * of this one.
     *
     * @param main the class to start
     * @param arguments its arguments; lists among them are laid out
     */
    public static List<String> thisProgram(Class<?> main, Object... arguments) {
        // The class-data archive knows the jar by its whole path.
        String classPath = System.getProperty("java.class.path");
        Path jar = Path.of(classPath).toAbsolutePath().normalize();
        List<String> command = new ArrayList<>(List.of(THIS_PROGRAM));
        command.addAll(ownOptions(jar));
        command.add("-D" + PARENT + "=" + getpid());
        command.addAll(List.of("-cp", Files.exists(jar) ? jar.toString() : classPath, main.getName()));
        for (Object argument : arguments) {
            if (argument instanceof List<?> list) {
                list.forEach(element -> command.add(element.toString()));
            } else {
                command.add(argument.toString());
            }
        }
        return command;
    }

    /**
     * A program's arguments, as main got them, but with those that are not ASCII as they were typed, whatever the locale
     * and their bytes; a byte that is no UTF-8 is a lone surrogate, which {@link #spawn} and {@link Linux#execvpe} make
     * the same byte again. Those of an @file (java(1)) stay as Java read them.
     */
    public static String[] asTyped(String[] arguments) {
        boolean ascii = true;
        for (String argument : arguments) {
            ascii &= Words.isAscii(argument);
        }
        if (ascii) {
            return arguments;
        }
        String[] typed = arguments.clone();
        List<String> words = Words.ofThisProcess("cmdline");
        for (int i = typed.length - 1, word = words.size() - 1; i >= 0 && word >= 0; i--, word--) {
            if (!Words.isAscii(typed[i]) && !Words.isAscii(words.get(word))) {
                typed[i] = words.get(word);
            }
        }
        return typed;
    }

    /** Of this JVM (java(1)), but for those that would take a debugger's or a monitor's port twice; where it has none, those that the build put beside the jar. */
    private static List<String> ownOptions(Path jar) {
        List<String> options = new ArrayList<>();
        List<String> words = Words.ofThisProcess("cmdline");
        for (String word : words.subList(1, words.size())) {
            if (word.matches("-jar|-cp|-classpath|--class-path.*")) {
                break;
            } else if (!word.matches("-(agent|javaagent|Xrun|Dcom\\.sun\\.management).*")) {
                options.add(word);
            }
        }
        Path beside = Path.of(jar.toString().replaceAll("\\.jar$", "") + ".options");
        return options.isEmpty() && Files.exists(beside) ? List.of("@" + beside) : options;
    }

    /**
     * Has the kernel kill this process when the program that started it ends, even by SIGKILL: PR_SET_PDEATHSIG in
     * prctl(2). It outlives execve, but no change of user: neither setuid(2), as su makes it, nor a set-user-ID program.
     * Call it while /proc is still the host's.
     */
    public static void dieWithParent() {
        check(LIBC.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl", PR_SET_PDEATHSIG, SIGKILL);
        // The parent may have ended before that call. getppid(2) can't tell: across PID namespaces it is always 0.
        String parent = System.getProperty(PARENT);
        try {
            if (parent != null
                    && !Files.readString(Path.of("/proc/self/status")).contains("\nPPid:\t" + parent + "\n")) {
                LIBC.kill(getpid(), SIGKILL);
                System.exit(128 + SIGKILL); // PID 1 cannot kill itself
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
