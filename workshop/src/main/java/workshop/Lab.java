package workshop;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import workshop.code.NotThere;

/** What is behind {@code ./lab}. A command is one class, and one word in the list below. */
@Command(
        name = "lab",
        description = "Containers from scratch, in Java: run the steps, and see what they do.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Run.class,
            Start.class,
            Hint.class,
            Status.class,
            Reset.class,
            CatchUp.class,
            Diff.class,
            Check.class,
            Xray.class,
            Progress.class,
            Docs.class,
            Record.class,
            MakeRootfs.class,
            Doctor.class,
            Verify.class,
            Build.class,
            Completion.class
        })
public final class Lab implements Runnable {
    @Spec
    CommandSpec spec;

    @Option(names = "--help", usageHelp = true, scope = ScopeType.INHERIT, description = "Show this and exit.")
    boolean help;

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // for libraries: picocli numbers variables of a script for bash
        System.exit(new CommandLine(new Lab())
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Lab::badUsage)
                .setExecutionExceptionHandler(Lab::failed)
                .execute(args));
    }

    /** The folder of the checkout, where the steps are. */
    static Path checkout() {
        return Path.of(System.getProperty("lab.home", "")).toAbsolutePath();
    }

    /** Where root file systems and containers are kept. */
    static Path home() {
        return Path.of(System.getenv().getOrDefault("LAB_HOME", "/var/lib/lab")).toAbsolutePath();
    }

    static boolean isRoot() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what shall it do?");
    }

    private static int badUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        if (e instanceof UnmatchedArgumentException && command.getParent() == null) {
            System.err.println("lab: " + e.getMessage() + "; see ./lab --help");
        } else if (command.getParent() == null) {
            System.err.println("lab: " + e.getMessage());
            command.usage(System.err);
        } else {
            System.err.println("lab: " + e.getMessage() + "; see ./lab " + command.getCommandName() + " --help");
        }
        return 2;
    }

    private static int failed(Exception e, CommandLine command, ParseResult arguments) {
        System.err.println("lab: " + message(e));
        return e instanceof NotThere ? 2 : 1;
    }

    private static String message(Exception e) {
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (e instanceof FileSystemException failure && failure.getReason() == null) {
            return failure.getFile() + ": " + failure.getClass().getSimpleName().replace("Exception", "");
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
