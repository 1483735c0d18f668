package workshop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import workshop.code.Block;
import workshop.code.Checkout;
import workshop.code.Line;
import workshop.code.NotThere;
import workshop.code.StepDiff;

@Command(
        name = "diff",
        description = "What differs from step M to step N, piece by piece, as in the book.",
        footer = {
            "",
            "A piece is named in front of its place: ./lab diff 2 3 Child.run",
            "Your own code beside step 3: ./lab diff mine 3"
        })
final class Diff implements Callable<Integer> {
    private enum When {
        AUTO,
        ALWAYS,
        NEVER
    }

    @Spec
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "M", description = "The step to begin with; or mine, for your own code.")
    String from;

    @Parameters(index = "1", paramLabel = "N", description = "The step that it becomes, any other one; or mine.")
    String to;

    @Parameters(
            index = "2..*",
            paramLabel = "PIECE",
            description = "Only this file, as Run, or only this piece, as Child.run; more than one may be given.")
    List<String> pieces = new ArrayList<>();

    @Option(names = "--patch", description = "Print it for git apply and patch -p1, in the folder of step M.")
    boolean patch;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with the two side by side.")
    Path html;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "AUTO",
            description = "auto (on a terminal), always or never.")
    When color;

    @Override
    public Integer call() throws IOException {
        if ((from + to).contains("mine")) {
            new MyContainer(Lab.checkout()).step(); // or says how to make one
        }
        try {
            StepDiff diff = new Checkout(Lab.checkout()).diff(from, to);
            if (html != null) {
                DiffPage page = new DiffPage(Lab.checkout().resolve("docs/style"), "step " + from, "step " + to);
                System.out.println("file://" + page.write(html.toAbsolutePath().normalize(), diff, pieces));
            } else if (patch) {
                System.out.print(diff.patch(pieces));
            } else {
                System.out.print(text(diff.blocks(pieces), isOn(color)));
            }
            return 0;
        } catch (NotThere e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Blocks of code, each with its place, as on a terminal. */
    static String text(List<Block> blocks, boolean colours) {
        if (blocks.isEmpty()) {
            return "Nothing differs.\n";
        }
        StringBuilder text = new StringBuilder();
        String file = "";
        for (Block block : blocks) {
            if (!block.file().equals(file)) {
                file = block.file();
                text.append(text.isEmpty() ? "" : "\n")
                        .append(styled("bold", file, colours))
                        .append('\n');
            }
            text.append('\n').append(title(block, colours)).append('\n');
            for (Line line : block.lines()) {
                text.append("  ").append(styled(line, colours)).append('\n');
            }
        }
        return text.toString();
    }

    private static String title(Block block, boolean colours) {
        boolean one = block.pieces().size() == 1;
        String title = styled("cyan", (one ? block.pieces().get(0) : block.fileName()) + ": " + block.place(), colours);
        return one ? title : title + "\n" + styled("faint", "(" + String.join(", ", block.pieces()) + ")", colours);
    }

    static String styled(Line line, boolean colours) {
        String text = (line.kind().sign() + " " + line.text()).stripTrailing();
        return switch (line.kind()) {
            case ADDED -> styled("green", text, colours);
            case REMOVED -> styled("red", text, colours);
            case CONTEXT, FOLDED -> styled("faint", text, colours);
        };
    }

    private static boolean isOn(When color) {
        return switch (color) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> Ansi.AUTO.enabled();
        };
    }

    /** Not in picocli's markup, which the text may contain. */
    static String styled(String style, String text, boolean colours) {
        return colours && !text.isEmpty()
                ? Ansi.Style.on(Ansi.Style.parse(style)) + text + Ansi.Style.reset.on()
                : text;
    }
}
