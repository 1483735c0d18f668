package container;

import static syscalls.Launcher.launch;
import static syscalls.Launcher.spawn;
import static syscalls.Launcher.thisProgram;
import static syscalls.Launcher.waitpid;
import static syscalls.Linux.*;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** `run`: the parent, on the host's side. */
@Command(name = "run", description = "Run a command in a container.")
final class Run implements Callable<Integer> {
    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "The command and its arguments.")
    List<String> command;

    @Override
    public Integer call() throws Exception {
        System.err.println("Running " + command + " as " + getpid());
        return launch(() -> {
            unshare(CLONE_NEWUTS);
            return waitpid(spawn(thisProgram(Child.class, "--", command)));
        });
    }
}
