package container;

import static syscalls.Launcher.dieWithParent;
import static syscalls.Linux.*;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** `child`: this program again, inside the new namespaces, until it becomes the command. */
final class Child implements Runnable {
    @Parameters(arity = "1..*")
    List<String> command;

    public static void main(String[] args) {
        Container.execute(new Child(), args);
    }

    @Override
    public void run() {
        System.err.println("Running " + command + " as " + getpid());
        dieWithParent();
        sethostname("container");
        execvpe(command, environment());
    }

    private static Map<String, String> environment() {
        return Map.of(
                "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME", "/root",
                "TERM", System.getenv().getOrDefault("TERM", "dumb"),
                "container", "from-scratch");
    }
}
