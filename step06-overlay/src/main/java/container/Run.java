package container;

import static syscalls.Launcher.launch;
import static syscalls.Launcher.spawn;
import static syscalls.Launcher.thisProgram;
import static syscalls.Launcher.waitpid;
import static syscalls.Linux.*;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `run`: the parent, on the host's side. */
@Command(name = "run", description = "Run a command in a container.")
final class Run implements Callable<Integer> {
    @Option(
            names = "--layer",
            paramLabel = "DIR",
            description = "A layer of its root, the lowest first (default: rootfs in LAB_HOME, or in /var/lib/lab).")
    List<Path> layers = List.of(Path.of(System.getenv().getOrDefault("LAB_HOME", "/var/lib/lab"), "rootfs"));

    @Option(names = "--keep", description = "Keep what the container wrote, and say where.")
    boolean keep;

    @Option(names = "--pids-limit", paramLabel = "N", defaultValue = "20", description = "At most N processes at once.")
    int pidsLimit;

    @Option(names = "--memory", paramLabel = "SIZE", converter = Size.class, description = "At most SIZE, as in 100m.")
    Long memory;

    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "The command and its arguments.")
    List<String> command;

    @Override
    public Integer call() throws Exception {
        if (pidsLimit < 1) {
            throw new IllegalArgumentException("--pids-limit " + pidsLimit + ": the command itself is one process");
        }
        System.err.println("Running " + command + " as " + getpid());
        return launch(() -> {
            unshare(CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS);
            try (Cgroup cgroup = new Cgroup();
                    Overlay overlay = new Overlay(layers, keep)) {
                cgroup.limitPids(pidsLimit);
                if (memory != null) {
                    cgroup.limitMemory(memory);
                }
                return waitpid(
                        spawn(thisProgram(Child.class, overlay.arguments(), "--procs", cgroup.procs(), "--", command)));
            }
        });
    }
}
