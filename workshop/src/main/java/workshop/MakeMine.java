package workshop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import workshop.MyContainer.Made;
import workshop.code.Checkout;
import workshop.code.NotThere;

/** What {@code start}, {@code reset} and {@code catch-up} have in common: they make my-container anew. */
abstract class MakeMine implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(names = "--yes", description = "Do not ask. What you have written is kept aside all the same.")
    boolean yes;

    final MyContainer mine = new MyContainer(Lab.checkout());

    @Override
    public Integer call() throws IOException {
        try {
            int step = step();
            new Checkout(Lab.checkout()).step(step);
            if (mine.exists() && mine.isChanged() && !yes && !mayReplace()) {
                return 1;
            }
            Optional<Path> kept = mine.make(step, made());
            if (kept.isPresent()) {
                System.out.println("Your code is kept in " + Lab.checkout().relativize(kept.get()) + ".");
                System.out.println();
            }
            print(step);
            return 0;
        } catch (NotThere e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** For which step. */
    abstract int step() throws IOException;

    abstract Made made();

    /** Says what is there now. */
    abstract void print(int step) throws IOException;

    private boolean mayReplace() throws IOException {
        List<String> changes = mine.changes();
        String what = MyContainer.NAME + " has changes of yours" + (changes.isEmpty() ? "" : ": ")
                + String.join(", ", changes);
        if (!isTerminal()) {
            throw new IOException(what + "; nothing was done. With --yes they are kept aside, and it is made anew");
        }
        System.err.print(what + ". Keep them aside and make it anew? [y/N] ");
        System.err.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
        if (answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes")) {
            return true;
        }
        System.err.println("Nothing was done.");
        return false;
    }

    /** System.console() is there without a terminal, too, in later versions of Java. */
    private static boolean isTerminal() throws IOException {
        Path input = Path.of("/proc/self/fd/0");
        return Files.exists(input) && Files.readSymbolicLink(input).toString().matches("/dev/(pts/\\d+|tty.*|console)");
    }
}
