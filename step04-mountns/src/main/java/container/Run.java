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
            names = "--rootfs",
            paramLabel = "DIR",
            description = "Its root directory (default: rootfs in LAB_HOME, or in /var/lib/lab).")
    Path rootfs = Path.of(System.getenv().getOrDefault("LAB_HOME", "/var/lib/lab"), "rootfs");

    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "The command and its arguments.")
    List<String> command;

    @Override
    public Integer call() throws Exception {
        System.err.println("Running " + command + " as " + getpid());
        return launch(() -> {
            unshare(CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS);
            return waitpid(spawn(thisProgram(Child.class, "--rootfs", rootfs, "--", command)));
        });
    }
}
