package workshop.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The sources from which an attendee sets out for a step: those of the step before, with a TODO at each place that the
 * step changes, and nothing to do where that is no part of the lesson. It compiles, and does what the step before did.
 */
public final class Skeleton {
    private static final String BODY = "throw new UnsupportedOperationException(\"%s is still to be written\");";

    private static final int WIDTH = 110;

    private final Task task;
    private final Map<String, String> files = new LinkedHashMap<>();
    private final Set<String> places = new LinkedHashSet<>();
    private final Set<String> asked = new LinkedHashSet<>();

    private Skeleton(Task task) {
        this.task = task;
    }

    /**
     * @throws NotThere if there is no such step
     * @throws IllegalStateException if the task's texts are not those of the pieces that differ
     */
    public static Skeleton of(Checkout checkout, int step, Task task) throws IOException {
        Path after = checkout.step(step);
        Path before = checkout.steps().get(step - 1);
        Skeleton skeleton = new Skeleton(task);
        Set<String> names = new TreeSet<>(StepDiff.sources(after));
        if (before != null) {
            names.addAll(StepDiff.sources(before));
        }
        for (String name : names) {
            Path now = after.resolve(name);
            Path old = before == null ? now : before.resolve(name);
            if (!Files.exists(now)) {
                throw new IllegalStateException(name + ": a step that deletes a file has no skeleton");
            }
            Source source = Source.of(now);
            List<String> lines = source.lines();
            if (before == null || !Files.exists(old)) {
                lines = skeleton.ofNew(name, source);
            } else if (Files.mismatch(old, now) >= 0) {
                lines = skeleton.ofChanged(new FileDiff(name, Source.of(old), source));
            }
            skeleton.files.put(name, String.join("\n", lines) + "\n");
        }
        skeleton.refuseOthers();
        return skeleton;
    }

    /** The sources' texts, by their paths in the module. */
    public Map<String, String> files() {
        return files;
    }

    private void refuseOthers() {
        Set<String> useless = new LinkedHashSet<>(task.pieces().keySet());
        useless.addAll(task.given());
        useless.removeAll(asked);
        if (!useless.isEmpty()) {
            throw new IllegalStateException("the task of step " + task.step() + " has a text for what does not differ: "
                    + String.join(", ", useless));
        }
    }

    private boolean isGiven(String piece) {
        asked.add(piece);
        return task.given().contains(piece);
    }

    private Task.PieceTask piece(String name) {
        asked.add(name);
        Task.PieceTask piece = task.pieces().get(name);
        if (piece == null) {
            throw new IllegalStateException("the task of step " + task.step() + " has no text for " + name);
        }
        places.add(name);
        return piece;
    }

    private List<String> ofNew(String path, Source source) {
        String stem = path.replaceFirst(".*/", "").replaceFirst("\\.java$", "");
        if (task.given().contains(stem) || source.parts().isEmpty()) {
            asked.add(stem);
            return source.lines();
        }
        List<String> lines = new ArrayList<>();
        for (Part part : source.parts()) {
            lines.addAll(ofNew(part, source));
        }
        return lines;
    }

    /** Signature and comment, and in the body a TODO; a field as it is. */
    private List<String> ofNew(Part part, Source source) {
        List<String> whole = source.lines().subList(part.from() - 1, part.to());
        Source.Body body = source.body(part).orElse(null);
        if (body == null || isGiven(part.name())) {
            return whole;
        }
        Task.PieceTask piece = piece(part.name());
        expectTodos(piece, 1);
        List<String> lines = new ArrayList<>(source.lines().subList(part.from() - 1, body.open()));
        String indent = indent(source.lines().get(body.close() - 1)) + "    ";
        todo(lines, indent, piece.todos().get(0));
        lines.add(indent + String.format(Locale.ROOT, BODY, part.name()));
        lines.addAll(source.lines().subList(body.close() - 1, part.to()));
        return lines;
    }

    private List<String> ofChanged(FileDiff diff) {
        List<String> lines = new ArrayList<>();
        List<FileDiff.Row> rows = diff.rows();
        for (int from = 0; from < rows.size(); ) {
            FileDiff.Pair pair = rows.get(from).pair();
            int to = from;
            while (to < rows.size() && rows.get(to).pair() == pair) {
                to++;
            }
            add(
                    lines,
                    diff,
                    pair,
                    rows.subList(from, to).stream().map(FileDiff.Row::line).toList());
            from = to;
        }
        return lines;
    }

    private void add(List<String> lines, FileDiff diff, FileDiff.Pair pair, List<Line> rows) {
        if (rows.stream().noneMatch(Line::isChange)) {
            rows.forEach(line -> lines.add(line.text()));
        } else if (pair.part().kind() == Part.Kind.IMPORTS) {
            rows.forEach(line -> lines.add(line.text())); // those of both
        } else if (isGiven(pair.name())) {
            rows.stream().filter(line -> line.kind() != Line.Kind.REMOVED).forEach(line -> lines.add(line.text()));
        } else if (pair.before() == null && diff.after().body(pair.after()).isPresent()) {
            lines.addAll(ofNew(pair.after(), diff.after()));
        } else if (piece(pair.name()).beside()) {
            addBeside(lines, piece(pair.name()), rows);
        } else {
            addTodos(lines, piece(pair.name()), rows);
        }
    }

    private void addBeside(List<String> lines, Task.PieceTask piece, List<Line> rows) {
        expectTodos(piece, 1);
        rows.stream().filter(line -> line.kind() != Line.Kind.REMOVED).forEach(line -> lines.add(line.text()));
        boolean told = false;
        for (Line line : rows) {
            if (line.kind() != Line.Kind.ADDED) {
                if (!told && !line.text().isBlank()) {
                    blankLine(lines);
                    todo(lines, indent(line.text()), piece.todos().get(0));
                    told = true;
                }
                lines.add(line.text());
            }
        }
    }

    private static void blankLine(List<String> lines) {
        if (!lines.get(lines.size() - 1).isBlank()) {
            lines.add("");
        }
    }

    private void addTodos(List<String> lines, Task.PieceTask piece, List<Line> rows) {
        int places = 0;
        for (int from = 0; from < rows.size(); ) {
            int to = from;
            while (to < rows.size() && rows.get(to).isChange()) {
                to++;
            }
            if (to == from) {
                lines.add(rows.get(from++).text());
                continue;
            }
            for (Place place : places(rows.subList(from, to))) {
                String text = places < piece.todos().size() ? piece.todos().get(places) : "";
                places++;
                if (text.equals(Task.GIVEN)) {
                    lines.addAll(place.now());
                } else {
                    String first = place.old().isEmpty()
                            ? place.now().get(0)
                            : place.old().get(0);
                    todo(lines, indent(first), text);
                    lines.addAll(place.old());
                }
            }
            from = to;
        }
        expectTodos(piece, places);
    }

    /** Lines that take the place of others. */
    private record Place(List<String> old, List<String> now) {}

    /** Of a change; where it begins with lines into which only something was inserted, each is a place of its own. */
    private static List<Place> places(List<Line> change) {
        List<String> old = texts(change, Line.Kind.REMOVED);
        List<String> now = texts(change, Line.Kind.ADDED);
        List<Place> places = new ArrayList<>();
        int same = 0;
        while (same < Math.min(old.size(), now.size()) && isLonger(old.get(same), now.get(same))) {
            places.add(new Place(List.of(old.get(same)), List.of(now.get(same))));
            same++;
        }
        if (same < Math.max(old.size(), now.size())) {
            places.add(new Place(old.subList(same, old.size()), now.subList(same, now.size())));
        }
        return places;
    }

    private static List<String> texts(List<Line> lines, Line.Kind kind) {
        return lines.stream()
                .filter(line -> line.kind() == kind)
                .map(Line::text)
                .toList();
    }

    /** Whether the one line is the other with something inserted in one place. */
    private static boolean isLonger(String old, String now) {
        int length = Math.min(old.length(), now.length());
        int start = (int) IntStream.range(0, length)
                .takeWhile(i -> old.charAt(i) == now.charAt(i))
                .count();
        int end = (int) IntStream.range(0, length - start)
                .takeWhile(i -> old.charAt(old.length() - 1 - i) == now.charAt(now.length() - 1 - i))
                .count();
        return start + end == old.length();
    }

    private void expectTodos(Task.PieceTask piece, int places) {
        if (piece.todos().size() != places) {
            throw new IllegalStateException("the task of step " + task.step() + " has "
                    + piece.todos().size() + " texts for the places of " + piece.piece() + ", which has " + places);
        }
    }

    private static void todo(List<String> lines, String indent, String text) {
        String start = indent + "// TODO: ";
        String further = indent + "//       ";
        for (String paragraph : text.split("\n(?=- )")) {
            StringBuilder line = new StringBuilder(start);
            boolean first = true;
            for (String word : paragraph.split("\\s+")) {
                if (line.length() + 1 + word.length() > WIDTH) {
                    lines.add(line.toString());
                    line = new StringBuilder(further);
                    first = true;
                }
                line.append(first ? "" : " ").append(word);
                first = false;
            }
            lines.add(line.toString());
            start = further;
        }
    }

    private static String indent(String line) {
        return line.substring(0, line.length() - line.stripLeading().length());
    }
}
