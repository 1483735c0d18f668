package workshop;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code completion}. */
@Command(
        name = "completion",
        description = "Print a script that completes these commands in bash and zsh: source <(./lab completion)")
final class Completion implements Runnable {
    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        System.out.print(AutoComplete.bash("lab", spec.root().commandLine()));
    }
}
