package syscalls;

import static syscalls.Launcher.dieWithParent;
import static syscalls.Launcher.launch;
import static syscalls.Launcher.spawn;
import static syscalls.Launcher.thisProgram;
import static syscalls.Launcher.waitpid;
import static syscalls.Linux.CLONE_NEWPID;
import static syscalls.Linux.CLONE_NEWUTS;
import static syscalls.Linux.LIBC;
import static syscalls.Linux.chroot;
import static syscalls.Linux.execvpe;
import static syscalls.Linux.sethostname;
import static syscalls.Linux.unshare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What must not happen in the tests' own JVM, because it would change or end it. The first argument chooses. */
public final class Scene {
    static final String UNICODE = "größe 容器 \uD834\uDD1E";

    private Scene() {}

    public static void main(String[] args) throws Exception {
        List<String> rest = List.of(args).subList(1, args.length);
        try {
            System.exit(play(args[0], rest));
        } catch (SyscallException e) {
            System.out.println(e.getMessage());
            System.exit(e.exitStatus());
        }
    }

    private static int play(String scene, List<String> rest) throws Exception {
        return switch (scene) {
            case "spawn" -> waitpid(spawn(rest));
            case "spawn unicode" -> waitpid(spawn(List.of("printf", "<%s>", UNICODE, "")));
            case "spawn long" -> waitpid(spawn(List.of("sh", "-c", "echo ${#1}", "sh", "x".repeat(100_000))));
            case "spawn, as typed" -> waitpid(spawn(List.of(Launcher.asTyped(rest.toArray(String[]::new)))));
            case "spawn often" -> spawnOften(Integer.parseInt(rest.get(0)));
            case "exec" -> exec(rest.get(0), rest.subList(1, rest.size()));
            case "chroot and exec" -> {
                chroot(Path.of(rest.get(0)));
                yield exec("/", rest.subList(1, rest.size()));
            }
            case "this program" ->
                waitpid(spawn(thisProgram(
                        Scene.class, "arguments", "", "a b", List.of("-x", "--", "$HOME"), 7, UNICODE, "@file")));
            case "arguments" -> {
                rest.forEach(argument -> System.out.println("<" + argument + ">"));
                yield 0;
            }
            case "launch" ->
                launch(() -> {
                    try {
                        return waitpid(spawn(List.of("sh", "-c", "echo started; exec sleep 60")));
                    } finally {
                        System.out.println("cleaned up");
                    }
                });
            case "launch, busy before the spawn" ->
                launch(() -> {
                    System.out.println("started");
                    System.in.read();
                    return waitpid(spawn(List.of("sh", "-c", "exec sleep 60")));
                });
            case "launch, and the PID becomes another's" -> launch(() -> givePid(rest));
            case "launch, failing" -> launchFailing();
            case "launch and unshare" -> {
                System.out.println(uts() + " " + hostname());
                int status = launch(() -> {
                    unshare(CLONE_NEWUTS | CLONE_NEWPID);
                    sethostname("inside");
                    System.out.println(uts() + " " + hostname());
                    return waitpid(spawn(List.of("sh", "-c", "echo $$; exit 7")));
                });
                System.out.println(uts() + " " + hostname());
                yield status;
            }
            case "parent" ->
                launch(() ->
                        waitpid(spawn(thisProgram(Scene.class, "die with parent", "echo started; exec sleep 60"))));
            case "die with parent" -> {
                dieWithParent();
                yield exec("/usr/bin:/bin", List.of("sh", "-c", rest.get(0)));
            }
            default -> throw new IllegalArgumentException(scene);
        };
    }

    private static int exec(String path, List<String> command) {
        execvpe(command, Map.of("PATH", path, "GREETING", "hello"));
        throw new AssertionError("execve returned");
    }

    /** With a thread that keeps the garbage collector busy: it may free what a native call still uses. */
    private static int spawnOften(int times) throws InterruptedException {
        Thread litter = new Thread(() -> {
            while (true) {
                Arrays.fill(new byte[100_000], (byte) 1);
            }
        });
        litter.setDaemon(true);
        litter.start();
        List<String> command = List.of("/bin/sh", "-c", "test \"$1\" = argument && exit 7", "sh", "argument");
        return (int) IntStream.range(0, times)
                .filter(i -> waitpid(spawn(command)) != 7)
                .count();
    }

    private static int launchFailing() throws Exception {
        try {
            return launch(() -> {
                throw new IOException("from the body");
            });
        } catch (IOException e) {
            System.out.println(e);
            return 3;
        }
    }

    /** The child is waited for by who does not tell; then this command, of another parent as it were, gets its PID. */
    private static int givePid(List<String> command) throws IOException {
        int pid = spawn(List.of("true"));
        LIBC.waitpid(pid, new int[1], 0);
        for (int tries = 0; tries < 100; tries++) {
            Files.writeString(Path.of("/proc/sys/kernel/ns_last_pid"), "" + (pid - 1));
            Process process = new ProcessBuilder(command).inheritIO().start();
            if (process.pid() == pid) { // else a thread of the JVM has it
                return 0;
            }
            process.destroyForcibly().onExit().join();
        }
        throw new IllegalStateException("the PID " + pid + " was not to be had");
    }

    private static String uts() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/uts")).toString();
    }

    private static String hostname() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
    }
}
