package workshop.code;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.ChangeDelta;
import com.github.difflib.patch.Chunk;
import com.github.difflib.patch.DeltaType;
import com.github.difflib.patch.Patch;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What differs in one file. The parts of its two versions are paired first, and then the lines of each pair. */
final class FileDiff {
    private static final int CONTEXT = 2;
    /** Of the lines of two members of different names, for them to be one that was renamed. */
    private static final double SAME = 0.4;

    /** A line, and the pair of parts that it is in. */
    record Row(Line line, Pair pair) {
        boolean isOf(Set<String> pieces) {
            return line.isChange() && pieces.contains(pair.name());
        }
    }

    /** A part before and after; one of them may be missing. */
    record Pair(Part before, Part after) {
        Part part() {
            return after == null ? before : after;
        }

        String name() {
            return part().name();
        }

        boolean isInBoth() {
            return before != null && after != null;
        }

        boolean isCalled(String name) {
            return (before != null && before.names().contains(name))
                    || (after != null && after.names().contains(name));
        }
    }

    private final String path;
    private final Source before;
    private final Source after;
    private final List<Row> rows = new ArrayList<>();

    /**
     * @param before null if the file is new
     * @param after null if it is deleted
     */
    FileDiff(String path, Source before, Source after) {
        this.path = path;
        this.before = before;
        this.after = after;
        if (isCut(before) && isCut(after)) {
            pairs(parts(before), parts(after)).forEach(this::compare);
        } else {
            compare(new Pair(before == null ? null : before.whole(), after == null ? null : after.whole()));
        }
        for (int i = 1; i < rows.size(); i++) {
            if (isBlankLineAtTheEndOfAnothersChange(i)) {
                rows.set(i, new Row(rows.get(i).line(), rows.get(i - 1).pair()));
            }
        }
    }

    boolean isNew() {
        return before == null;
    }

    boolean isNewOrDeleted() {
        return before == null || after == null;
    }

    Source after() {
        return after;
    }

    List<Row> rows() {
        return rows;
    }

    boolean isCalled(String name) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        return name.equals(path) || name.equals(file) || name.equals(file.replaceFirst("\\.java$", ""));
    }

    private static boolean isCut(Source source) {
        return source == null || !source.parts().isEmpty();
    }

    private static List<Part> parts(Source source) {
        return source == null ? List.of() : source.parts();
    }

    private List<Pair> pairs(List<Part> old, List<Part> now) {
        List<Pair> pairs = new ArrayList<>();
        for (AbstractDelta<String> delta :
                DiffUtils.diff(keys(old), keys(now), true).getDeltas()) {
            int at = delta.getTarget().getPosition();
            int end = at + delta.getTarget().size();
            for (Part part : slice(old, delta.getSource())) {
                int same = at;
                while (same < end && delta.getType() != DeltaType.EQUAL && !isRenamed(part, now.get(same))) {
                    same++;
                }
                if (same == end) {
                    pairs.add(new Pair(part, null));
                } else {
                    now.subList(at, same).forEach(added -> pairs.add(new Pair(null, added)));
                    pairs.add(new Pair(part, now.get(same)));
                    at = same + 1;
                }
            }
            now.subList(at, end).forEach(added -> pairs.add(new Pair(null, added)));
        }
        return pairs;
    }

    private static List<String> keys(List<Part> parts) {
        return parts.stream().map(part -> part.kind() + " " + part.name()).toList();
    }

    private static List<Part> slice(List<Part> parts, Chunk<String> chunk) {
        return parts.subList(chunk.getPosition(), chunk.getPosition() + chunk.size());
    }

    private boolean isRenamed(Part old, Part now) {
        if (old.kind() != Part.Kind.MEMBER || now.kind() != Part.Kind.MEMBER) {
            return false;
        }
        int removed = DiffUtils.diff(lines(before, old), lines(after, now)).getDeltas().stream()
                .mapToInt(delta -> delta.getSource().size())
                .sum();
        return 2.0 * (old.size() - removed) / (old.size() + now.size()) >= SAME;
    }

    private static List<String> lines(Source source, Part part) {
        return part == null ? List.of() : source.lines().subList(part.from() - 1, part.to());
    }

    private void compare(Pair pair) {
        int old = pair.before() == null ? 0 : pair.before().from();
        int now = pair.after() == null ? 0 : pair.after().from();
        Patch<String> patch = DiffUtils.diff(lines(before, pair.before()), lines(after, pair.after()), true);
        for (AbstractDelta<String> delta : patch.getDeltas()) {
            boolean equal = delta.getType() == DeltaType.EQUAL;
            for (String text : delta.getSource().getLines()) {
                rows.add(new Row(
                        equal
                                ? new Line(Line.Kind.CONTEXT, text, old++, now++)
                                : new Line(Line.Kind.REMOVED, text, old++, 0),
                        pair));
            }
            if (!equal) {
                for (String text : delta.getTarget().getLines()) {
                    rows.add(new Row(new Line(Line.Kind.ADDED, text, 0, now++), pair));
                }
            }
        }
    }

    /** A part begins with the blank line above it; but that above the first is new where another is put before it. */
    private boolean isBlankLineAtTheEndOfAnothersChange(int index) {
        Row row = rows.get(index);
        Row last = rows.get(index - 1);
        return row.line().isChange()
                && row.line().text().isBlank()
                && last.line().kind() == row.line().kind()
                && last.pair() != row.pair()
                && (index + 1 == rows.size() || !rows.get(index + 1).line().isChange());
    }

    List<Piece> pieces() {
        Set<String> names = select(List.of());
        return names.stream()
                .map(name -> new Piece(
                        name, path, place(Set.of(name)), count(name, Line.Kind.ADDED), count(name, Line.Kind.REMOVED)))
                .toList();
    }

    private int count(String piece, Line.Kind kind) {
        return (int) changes(Set.of(piece)).stream()
                .filter(line -> line.kind() == kind)
                .count();
    }

    private String place(Set<String> pieces) {
        return new Place(this, pieces).words();
    }

    /** The names of the pieces of these names; none means all. */
    Set<String> select(List<String> names) {
        boolean all = names.isEmpty() || names.stream().anyMatch(this::isCalled);
        return rows.stream()
                .filter(row -> row.line().isChange())
                .map(Row::pair)
                .filter(pair -> all || names.stream().anyMatch(pair::isCalled))
                .map(Pair::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    List<Line> changes(Set<String> pieces) {
        return rows.stream().filter(row -> row.isOf(pieces)).map(Row::line).toList();
    }

    Block block(Set<String> pieces) {
        BitSet selected = selected(pieces);
        BitSet shown = shown(pieces);
        List<Line> lines = new ArrayList<>();
        for (int i = shown.nextSetBit(0); i >= 0; i = shown.nextSetBit(i + 1)) {
            Line line = rows.get(i).line();
            Line.Kind kind = selected.get(i) ? line.kind() : Line.Kind.CONTEXT;
            lines.add(new Line(kind, Source.shown(line.text()), line.before(), line.after()));
            int end = shown.nextSetBit(i + 1);
            long folded = IntStream.range(i + 1, Math.max(i + 1, end))
                    .filter(row -> isNewOrDeleted() || rows.get(row).line().kind() == Line.Kind.CONTEXT)
                    .count();
            if (folded > 0) {
                lines.add(Line.folded((int) folded));
            }
        }
        return new Block(path, place(pieces), List.copyOf(pieces), lines);
    }

    /** All its lines; those that a block of these pieces would not show are in stretches of their own. */
    SideBySide sideBySide(Set<String> pieces) {
        BitSet shown = shown(pieces);
        List<String> oldKinds = before == null ? List.of() : before.kinds();
        List<String> newKinds = after == null ? List.of() : after.kinds();
        List<SideBySide.Stretch> stretches = new ArrayList<>();
        for (int from = 0, to; from < rows.size(); from = to) {
            to = from + 1;
            String piece = shown.get(from) ? shownWith(from, pieces, shown) : "";
            while (to < rows.size()
                    && shown.get(to) == shown.get(from)
                    && (!shown.get(from) || piece.equals(shownWith(to, pieces, shown)))) {
                to++;
            }
            Set<String> names = piece.isEmpty() ? Set.of() : isNewOrDeleted() ? pieces : Set.of(piece);
            List<SideBySide.Cell> cells = rows.subList(from, to).stream()
                    .map(row -> cell(row.line(), oldKinds, newKinds))
                    .toList();
            stretches.add(new SideBySide.Stretch(
                    List.copyOf(names), names.isEmpty() ? "" : place(names), SideBySide.rows(cells)));
        }
        return new SideBySide(path, !isNewOrDeleted(), stretches);
    }

    private static SideBySide.Cell cell(Line line, List<String> oldKinds, List<String> newKinds) {
        String kinds = line.after() > 0 ? newKinds.get(line.after() - 1) : oldKinds.get(line.before() - 1);
        String text = Source.shown(line.text());
        return new SideBySide.Cell(new Line(line.kind(), text, line.before(), line.after()), kinds, new BitSet());
    }

    /** The piece that a shown line is of, or that it is shown for: the next one in the same stretch, or else the last. */
    private String shownWith(int index, Set<String> pieces, BitSet shown) {
        if (isNewOrDeleted()) {
            return path;
        }
        if (pieces.contains(rows.get(index).pair().name())) {
            return rows.get(index).pair().name();
        }
        for (int i = index; i < shown.nextClearBit(index); i++) {
            if (rows.get(i).isOf(pieces)) {
                return rows.get(i).pair().name();
            }
        }
        int last = index;
        while (last > 0 && !rows.get(last).isOf(pieces)) {
            last--;
        }
        return rows.get(last).pair().name();
    }

    private BitSet selected(Set<String> pieces) {
        BitSet selected = new BitSet();
        IntStream.range(0, rows.size()).filter(i -> rows.get(i).isOf(pieces)).forEach(selected::set);
        return selected;
    }

    private BitSet shown(Set<String> pieces) {
        BitSet selected = selected(pieces);
        BitSet shown = (BitSet) selected.clone();
        selected.stream().forEach(i -> {
            showAround(i, -1, shown);
            showAround(i, 1, shown);
            showNameOf(rows.get(i).pair(), shown);
        });
        for (int i = shown.nextSetBit(0); i >= 0; i = shown.nextSetBit(i + 1)) {
            boolean between = shown.get(i) && shown.get(i + 2);
            if (between && i + 1 < rows.size() && rows.get(i + 1).line().kind() == Line.Kind.CONTEXT) {
                shown.set(i + 1); // folded it would take as much room
            }
        }
        if (shown.stream().anyMatch(i -> !isBlank(i))) {
            trim(shown);
        }
        return shown;
    }

    /** Other pieces' changes are taken to be made already above, and not yet made below. */
    private void showAround(int changed, int step, BitSet shown) {
        Pair pair = rows.get(changed).pair();
        Line.Kind absent = step < 0 ? Line.Kind.REMOVED : Line.Kind.ADDED;
        int lines = isNewOrDeleted() ? 0 : CONTEXT;
        for (int i = changed + step; lines > 0 && i >= 0 && i < rows.size() && !shown.get(i); i += step) {
            Row row = rows.get(i);
            if (pair.isInBoth() && row.pair() != pair) {
                return;
            } else if (row.line().kind() != absent) {
                shown.set(i);
                lines--;
            }
        }
    }

    private void showNameOf(Pair pair, BitSet shown) {
        if (pair.isInBoth()) {
            after.nameLine(pair.after()).ifPresent(number -> IntStream.range(0, rows.size())
                    .filter(i -> rows.get(i).line().after() == number
                            && rows.get(i).line().before() > 0)
                    .forEach(shown::set));
        }
    }

    private void trim(BitSet shown) {
        while (isBlank(shown.nextSetBit(0))) {
            shown.clear(shown.nextSetBit(0));
        }
        while (isBlank(shown.length() - 1)) {
            shown.clear(shown.length() - 1);
        }
    }

    private boolean isBlank(int row) {
        return rows.get(row).line().text().isBlank();
    }

    /** These pieces as a unified patch; the others' lines stay as they were. */
    String patch(Set<String> pieces) {
        boolean whole = pieces.equals(select(List.of()));
        boolean isNew = before == null;
        boolean isDeleted = after == null && whole;
        List<String> patch = new ArrayList<>(List.of("diff --git a/" + path + " b/" + path));
        if (isNew || isDeleted) {
            patch.add((isNew ? "new" : "deleted") + " file mode 100644");
        }
        patch.addAll(UnifiedDiffUtils.generateUnifiedDiff(
                isNew ? null : "a/" + path, isDeleted ? null : "b/" + path, lines(before), deltas(pieces), 3));
        return String.join("\n", patch) + "\n";
    }

    private static List<String> lines(Source source) {
        return source == null ? List.of() : source.lines();
    }

    private Patch<String> deltas(Set<String> pieces) {
        Patch<String> patch = new Patch<>();
        int old = 0;
        int now = 0;
        List<String> removed = new ArrayList<>();
        List<String> added = new ArrayList<>();
        for (Row row : rows) {
            Line line = row.line();
            if (row.isOf(pieces)) {
                (line.kind() == Line.Kind.ADDED ? added : removed).add(line.text());
            } else if (line.kind() != Line.Kind.ADDED) {
                flush(patch, old, removed, now, added);
                old += removed.size() + 1;
                now += added.size() + 1;
                removed.clear();
                added.clear();
            }
        }
        flush(patch, old, removed, now, added);
        return patch;
    }

    private static void flush(Patch<String> patch, int old, List<String> removed, int now, List<String> added) {
        if (!removed.isEmpty() || !added.isEmpty()) {
            patch.addDelta(
                    new ChangeDelta<>(new Chunk<>(old, List.copyOf(removed)), new Chunk<>(now, List.copyOf(added))));
        }
    }
}
