package workshop;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Only for help and completion: the script {@code lab} starts the step's own program, with no JVM between. */
@Command(
        name = "run",
        description = "Run a command in a step's container, or in your own (mine); as root, from step 2 on.",
        customSynopsis = "lab run [--help] N [OPTION...] COMMAND [ARGUMENT...]",
        footer = {
            "",
            "The options of step N: ./lab run N --help",
            "What you write, ./lab start N: ./lab run mine COMMAND"
        })
final class Run implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "N", description = "The number of the step; or mine.")
    String step;

    @Parameters(index = "1..*", paramLabel = "COMMAND", description = "The step's options, the command, its arguments.")
    List<String> command;

    @Override
    public Integer call() {
        throw new IllegalStateException("a step is run by the script: ./lab run " + step);
    }
}
