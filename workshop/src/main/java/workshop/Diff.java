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
        footer = {"", "A piece is named in front of its place: ./lab diff 2 3 Child.run"})
final class Diff implements Callable<Integer> {
    private enum When {
        AUTO,
        ALWAYS,
        NEVER
    }

    @Spec
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "M", description = "The step to begin with.")
    int from;

    @Parameters(index = "1", paramLabel = "N", description = "The step that it becomes; any other one.")
    int to;

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
        try {
            StepDiff diff = new Checkout(Lab.checkout()).diff(from, to);
            if (html != null) {
                DiffPage page = new DiffPage(Lab.checkout().resolve("docs/style"), "step " + from, "step " + to);
                System.out.println("file://" + page.write(html.toAbsolutePath().normalize(), diff, pieces));
            } else if (patch) {
                System.out.print(diff.patch(pieces));
            } else {
                print(diff.blocks(pieces));
            }
            return 0;
        } catch (NotThere e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void print(List<Block> blocks) {
        if (blocks.isEmpty()) {
            System.out.println("Nothing differs.");
        }
        StringBuilder text = new StringBuilder();
        String file = "";
        for (Block block : blocks) {
            if (!block.file().equals(file)) {
                file = block.file();
                text.append(text.isEmpty() ? "" : "\n")
                        .append(styled("bold", file))
                        .append('\n');
            }
            text.append('\n').append(title(block)).append('\n');
            for (Line line : block.lines()) {
                text.append("  ").append(styled(line)).append('\n');
            }
        }
        System.out.print(text);
    }

    private String title(Block block) {
        boolean one = block.pieces().size() == 1;
        String title = styled("cyan", (one ? block.pieces().get(0) : block.fileName()) + ": " + block.place());
        return one ? title : title + "\n" + styled("faint", "(" + String.join(", ", block.pieces()) + ")");
    }

    private String styled(Line line) {
        String text = (line.kind().sign() + " " + line.text()).stripTrailing();
        return switch (line.kind()) {
            case ADDED -> styled("green", text);
            case REMOVED -> styled("red", text);
            case CONTEXT, FOLDED -> styled("faint", text);
        };
    }

    /** Not in picocli's markup, which the text may contain. */
    private String styled(String style, String text) {
        boolean on =
                switch (color) {
                    case ALWAYS -> true;
                    case NEVER -> false;
                    case AUTO -> Ansi.AUTO.enabled();
                };
        return on && !text.isEmpty() ? Ansi.Style.on(Ansi.Style.parse(style)) + text + Ansi.Style.reset.on() : text;
    }
}
