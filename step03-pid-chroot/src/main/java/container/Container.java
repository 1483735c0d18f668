package container;

import static syscalls.Failure.inOneLine;

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
                .execute(args));
    }

    /** One line; and 125, as from docker, unless there was nothing to run at all. */
    private static int badUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        System.err.println("container: " + inOneLine(e));
        if (command.getCommand() instanceof Container) {
            command.usage(System.err);
            return 2;
        }
        return 125;
    }

    private static int failed(Exception e, CommandLine command, ParseResult arguments) {
        System.err.println("container: " + inOneLine(e));
        return e instanceof SyscallException failure ? failure.exitStatus() : 125;
    }
}
