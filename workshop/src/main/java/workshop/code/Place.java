package workshop.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says where in a file some pieces are. */
final class Place {
    private static final int LONG = 40;

    private final FileDiff diff;
    private final List<FileDiff.Row> rows;
    private final Set<String> pieces;

    Place(FileDiff diff, Set<String> pieces) {
        this.diff = diff;
        this.rows = diff.rows();
        this.pieces = pieces;
    }

    static String lines(int count) {
        return count == 1 ? "1 line" : count + " lines";
    }

    String words() {
        boolean whole = pieces.equals(diff.select(List.of()));
        if (diff.isNewOrDeleted()) {
            String file = diff.isNew() ? "new file" : "deleted file";
            return whole ? file : "in the " + file + ": " + String.join(", ", parts());
        }
        List<String> places = new ArrayList<>();
        String last = "";
        for (FileDiff.Pair pair : changed()) {
            String in = pair.part().type().isEmpty() ? "" : "in " + pair.part().type() + ", ";
            places.add((in.equals(last) ? "" : in) + change(pair));
            last = in;
        }
        return String.join("; ", places);
    }

    private List<FileDiff.Pair> changed() {
        return rows.stream()
                .filter(row -> row.isOf(pieces))
                .map(FileDiff.Row::pair)
                .distinct()
                .filter(pair -> pair.part().kind() != Part.Kind.END || pair.isInBoth())
                .toList();
    }

    private List<String> parts() {
        return changed().stream().map(pair -> pair.part().words()).toList();
    }

    private String change(FileDiff.Pair pair) {
        Part part = pair.part();
        List<Hunk> hunks = hunks(pair);
        boolean onlyAdded = hunks.stream().allMatch(hunk -> hunk.removed == 0);
        boolean onlyRemoved = hunks.stream().allMatch(hunk -> hunk.added == 0);
        if (part.kind() == Part.Kind.IMPORTS) {
            return onlyAdded ? "add to the imports" : onlyRemoved ? "remove from the imports" : "change the imports";
        } else if (pair.after() == null) {
            return "remove the " + part.words();
        } else if (pair.before() == null) {
            return besides(pair);
        } else if (!pair.before().name().equals(part.name())) {
            return "replace the " + pair.before().words() + " by the " + part.words();
        }
        List<String> places = hunks.stream().map(this::words).distinct().toList();
        String where = places.size() > 2 ? "in " + hunks.size() + " places" : String.join(" and ", places);
        return (part.kind() == Part.Kind.MEMBER ? part.words() + ", " : "") + where;
    }

    /** Of a new member. */
    private String besides(FileDiff.Pair pair) {
        if (pair.part().kind() == Part.Kind.HEAD) {
            return "add its head";
        }
        List<Part> parts = diff.after().parts();
        int index = parts.indexOf(pair.part());
        Part above = index > 0 ? parts.get(index - 1) : pair.part();
        Part below = index + 1 < parts.size() ? parts.get(index + 1) : pair.part();
        if (above.kind() == Part.Kind.MEMBER) {
            return "after the " + above.words();
        }
        return below.kind() == Part.Kind.MEMBER
                ? "before the " + below.words()
                : "add the " + pair.part().words();
    }

    /** Lines in a row that differ. */
    private static final class Hunk {
        private int first;
        private int last;
        private int added;
        private int removed;
    }

    private List<Hunk> hunks(FileDiff.Pair pair) {
        List<Hunk> hunks = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            FileDiff.Row row = rows.get(i);
            if (row.pair() == pair && row.line().isChange()) {
                Hunk hunk = hunks.isEmpty() ? null : hunks.get(hunks.size() - 1);
                if (hunk == null || hunk.last < i - 1) {
                    hunk = new Hunk();
                    hunk.first = i;
                    hunks.add(hunk);
                }
                hunk.last = i;
                hunk.added += row.line().kind() == Line.Kind.ADDED ? 1 : 0;
                hunk.removed += row.line().kind() == Line.Kind.REMOVED ? 1 : 0;
            }
        }
        return hunks;
    }

    private String words(Hunk hunk) {
        String what = "";
        if (hunk.removed > 0) {
            what = (hunk.added > 0 ? "replace " : "remove ") + lines(hunk.removed);
        }
        return (what + " " + where(hunk)).strip();
    }

    private String where(Hunk hunk) {
        Part part = rows.get(hunk.first).pair().after();
        if (part.kind() == Part.Kind.HEAD) {
            int line = number(hunk);
            return diff.after()
                    .annotation(line)
                    .map(name -> "in `" + name + "`")
                    .orElse("at its head");
        }
        int first = diff.after().nameLine(part).orElse(part.from());
        Optional<Line> above = context(hunk.first, -1)
                .filter(line -> line.after() > first && !diff.after().isComment(line.after()));
        if (above.isPresent() && above.get().text().endsWith("(")) {
            return "in `" + brief(above.get().after()) + "`";
        } else if (above.isPresent()) {
            return "after `" + brief(diff.after().statement(above.get().after())) + "`";
        }
        Optional<Line> below = context(hunk.last, 1)
                .filter(line -> line.after() > first && !line.text().strip().equals("}"));
        return below.map(line -> "before `" + brief(line.after()) + "`").orElse("");
    }

    private int number(Hunk hunk) {
        for (int i = hunk.last; i >= hunk.first; i--) {
            if (rows.get(i).line().after() > 0) {
                return rows.get(i).line().after();
            }
        }
        return context(hunk.first, -1).map(Line::after).orElse(0);
    }

    /** The next line that is in both, not blank, and in the same part. */
    private Optional<Line> context(int row, int step) {
        for (int i = row + step; i >= 0 && i < rows.size(); i += step) {
            Line line = rows.get(i).line();
            if (rows.get(i).pair() != rows.get(row).pair() || line.isChange()) {
                return Optional.empty();
            } else if (!line.text().isBlank()) {
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    /** A line of code, short enough for a sentence: {@code mount("proc", ...)}. */
    private String brief(int number) {
        String text = Source.shown(diff.after().lines().get(number - 1)).strip();
        text = text.replaceFirst("\\s+//.*$", "").replaceFirst("\\s*(->)?\\s*[{;(]$", "");
        if (text.length() <= LONG && brackets(text) == 0) {
            return text;
        }
        int equals = text.indexOf(" = ");
        if (equals > 0) {
            return text.substring(0, equals) + " = ...";
        }
        int bracket = text.indexOf('(');
        if (bracket < 0) {
            return text;
        }
        int comma = text.indexOf(", ", bracket);
        boolean fits = comma > 0 && comma <= LONG && isWholeArgument(text.substring(bracket + 1, comma));
        return text.substring(0, fits ? comma + 2 : bracket + 1) + "...)";
    }

    private static boolean isWholeArgument(String text) {
        return brackets(text) == 0 && text.chars().filter(c -> c == '"').count() % 2 == 0;
    }

    private static int brackets(String text) {
        return text.chars().map(c -> c == '(' ? 1 : c == ')' ? -1 : 0).sum();
    }
}
