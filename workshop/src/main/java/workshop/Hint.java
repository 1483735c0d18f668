package workshop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import testkit.Checks;
import workshop.code.Block;
import workshop.code.Checkout;
import workshop.code.Line;
import workshop.code.NotThere;
import workshop.code.Piece;
import workshop.code.Task;
import workshop.code.Task.PieceTask;

@Command(
        name = "hint",
        description = "Help with a step, as far as you ask for it: a question (1), a pointer (2), the line itself (3).",
        footer = {
            "",
            "Of a step that you are at, it is about what is not written yet. For one place, name it, or the check"
                    + " that failed: ./lab hint 4 private-mounts"
        })
final class Hint implements Callable<Integer> {
    private static final int LAST = 3;
    private static final int WIDTH = 100;

    @Spec
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "STEP", description = "The step, by its number.")
    int step;

    @Parameters(
            index = "1..*",
            arity = "0..2",
            paramLabel = "PLACE|LEVEL",
            description = "Only this place, as Child.run, or what this check is about; and how far to go, from 1 to 3.")
    List<String> words = new ArrayList<>();

    private final boolean colours = Ansi.AUTO.enabled();

    @Override
    public Integer call() throws IOException {
        try {
            Checkout checkout = new Checkout(Lab.checkout());
            checkout.step(step);
            Task task = Task.of(step);
            int level = 1;
            Optional<String> name = Optional.empty();
            for (String word : words) {
                if (word.matches("[1-" + LAST + "]")) {
                    level = Integer.parseInt(word);
                } else if (word.matches("-?\\d+")) {
                    throw new NotThere("there is no hint of level " + word + "; the levels are 1 to " + LAST);
                } else {
                    name = Optional.of(word);
                }
            }
            List<PieceTask> pieces = name.isPresent() ? named(task, name.get()) : open(task);
            for (PieceTask piece : pieces) {
                System.out.println(text(checkout, piece, level));
            }
            System.out.println(more(name.map(word -> " " + word).orElse(""), pieces, level));
            return 0;
        } catch (NotThere e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Of the place, or of the check, of that name. */
    private List<PieceTask> named(Task task, String name) {
        List<PieceTask> pieces = task.pieces().values().stream()
                .filter(piece -> piece.piece().equals(name) || piece.checks().contains(name))
                .toList();
        if (!pieces.isEmpty()) {
            return pieces;
        }
        Checks.upTo(step).stream()
                .filter(check -> check.name().equals(name) && check.step() != step)
                .findFirst()
                .ifPresent(check -> {
                    throw new NotThere(
                            name + " is a check of step " + check.step() + ": ./lab hint " + check.step() + " " + name);
                });
        throw new NotThere("step " + step + " has neither a place nor a check called " + name + "; the places: "
                + String.join(", ", task.pieces().keySet()) + "; the checks: "
                + task.pieces().values().stream()
                        .flatMap(piece -> piece.checks().stream())
                        .distinct()
                        .collect(Collectors.joining(", ")));
    }

    /** What is not yet as in the solution, if that is the step which is being written. */
    private List<PieceTask> open(Task task) throws IOException {
        List<PieceTask> all = List.copyOf(task.pieces().values());
        MyContainer mine = new MyContainer(Lab.checkout());
        if (!mine.exists() || mine.step() != step) {
            return all;
        }
        Set<String> differing = new Checkout(Lab.checkout())
                .diff("mine", "" + step).pieces().stream()
                        .flatMap(piece -> Stream.of(piece.name(), piece.name().replaceFirst("\\.java$", "")))
                        .collect(Collectors.toSet());
        List<PieceTask> open = all.stream()
                .filter(piece -> differing.contains(piece.piece())
                        || differing.contains(piece.piece().replaceFirst("\\..*", "")))
                .toList();
        return open.isEmpty() ? all : open;
    }

    private String text(Checkout checkout, PieceTask piece, int level) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(Diff.styled("cyan", piece.piece() + place(checkout, piece), colours))
                .append('\n');
        text.append(wrapped(1, piece.question()));
        if (level >= 2) {
            text.append(wrapped(2, piece.pointer()));
        }
        if (level >= LAST) {
            text.append("  " + LAST + "\n");
            for (Line line : lines(checkout, piece)) {
                text.append("  ").append(Diff.styled(line, colours)).append('\n');
            }
        }
        return text.toString();
    }

    private String place(Checkout checkout, PieceTask piece) throws IOException {
        if (step == 1) {
            return "";
        }
        return checkout.diff(step - 1, step).pieces().stream()
                .filter(each -> each.name().equals(piece.piece()))
                .map(Piece::place)
                .map(place -> ": " + place)
                .collect(Collectors.joining());
    }

    private List<Line> lines(Checkout checkout, PieceTask piece) throws IOException {
        if (step == 1) {
            return checkout.member("" + step, piece.piece()).stream()
                    .map(line -> new Line(Line.Kind.ADDED, line, 0, 0))
                    .toList();
        }
        return checkout.diff(step - 1, step).blocks(List.of(piece.piece())).stream()
                .map(Block::lines)
                .flatMap(List::stream)
                .toList();
    }

    private String more(String name, List<PieceTask> pieces, int level) {
        if (level == LAST) {
            return "Your code beside the solution: ./lab diff mine " + step;
        }
        String command = "./lab hint " + step + name + " " + (level + 1);
        String next = level == 1 ? "A pointer: " : "The line itself: ";
        boolean several = pieces.size() > 1 && name.isEmpty();
        return next
                + command
                + (several
                        ? "; for one place: ./lab hint " + step + " "
                                + pieces.get(0).piece() + " " + (level + 1)
                        : "");
    }

    private static String wrapped(int level, String text) {
        StringBuilder lines = new StringBuilder("  " + level + " ");
        int column = lines.length();
        for (String word : text.split("\\s+")) {
            if (column + 1 + word.length() > WIDTH) {
                lines.append("\n    ");
                column = 4;
            }
            lines.append(' ').append(word);
            column += 1 + word.length();
        }
        return lines.append('\n').toString();
    }
}
