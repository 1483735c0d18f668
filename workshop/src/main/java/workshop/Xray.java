package workshop;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import testkit.Proc;

/** {@code xray}. */
@Command(
        name = "xray",
        description = "A container from outside, beside the host: what it shares, and what is its own.",
        footer = {"", "Exit code: 0; 1 if there is nothing to look at."})
final class Xray implements Callable<Integer> {
    @Parameters(
            paramLabel = "PID",
            arity = "0..1",
            description = "Any process inside, or a container's run (default: the container that was started last).")
    Long pid;

    @Option(names = "--json", description = "Print the same as JSON.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        Proc proc = pid == null ? newest() : Containers.of(pid);
        XrayView view = XrayLook.look(proc);
        if (json) {
            System.out.print(view.toJson());
        } else {
            print(view);
        }
        return 0;
    }

    private static Proc newest() throws IOException {
        Optional<Proc> newest = Containers.newest();
        if (newest.isPresent()) {
            return newest.get();
        }
        KilledRuns left = KilledRuns.look();
        throw new IOException(
                left.processes().isEmpty()
                        ? "no container is running; start one: ./lab run 3 sh"
                        : "no container is running, but processes of a run that was killed are left, " + left.pids()
                                + "; the next ./lab run 5 or 6 ends them");
    }

    private static void print(XrayView view) {
        int name = width(view, XrayView.Row::name);
        int host = Math.max("host".length(), width(view, XrayView.Row::host));
        System.out.println(
                "Process " + view.pid() + ": " + view.command() + (view.run().isEmpty() ? "" : ", in " + view.run()));
        System.out.println();
        String line = "%s %-" + name + "s  %-" + host + "s  %s";
        System.out.println(String.format(Locale.ROOT, line, " ", "", "host", "container"));
        for (XrayView.Row row : view.rows()) {
            String text = String.format(
                    Locale.ROOT, line, row.differs() ? "*" : " ", row.name(), row.host(), row.container());
            System.out.println(row.differs() ? Ansi.AUTO.string("@|bold,green " + text + "|@") : text);
        }
        System.out.println();
        System.out.println("* differs");
    }

    private static int width(XrayView view, Function<XrayView.Row, String> cell) {
        return view.rows().stream().map(cell).mapToInt(String::length).max().orElse(0);
    }
}
