package container;

import static syscalls.Failure.inOneLine;
import static syscalls.Launcher.asTyped;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import syscalls.SyscallException;

@Command(
        name = "container",
        description = "A container, from scratch.",
        subcommands = {Run.class})
public final class Container {
    @Option(names = "--help", usageHelp = true, scope = ScopeType.INHERIT, description = "Show this and exit.")
    boolean help;

    public static void main(String[] args) {
        execute(new Container(), args);
    }

    static void execute(Object program, String[] args) {
        System.exit(new CommandLine(program)
                .setStopAtPositional(true) // what follows COMMAND is its own, options too
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(Container::badUsage)
                .setExecutionExceptionHandler(Container::failed)
                .execute(asTyped(args)));
    }

    /** One line, and how to use it where no subcommand is named. */
    private static int badUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        System.err.println("container: " + inOneLine(e));
        if (command.getCommand() instanceof Container) {
            command.usage(System.err);
        }
        return 2;
    }

    private static int failed(Exception e, CommandLine command, ParseResult arguments) {
        System.err.println("container: " + inOneLine(e));
        return e instanceof SyscallException failure
                ? failure.exitStatus()
                : e instanceof IllegalArgumentException ? 2 : 125;
    }
}
