package workshop.code;

import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.DeltaType;
import com.github.difflib.patch.Patch;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * All of a file of two steps, line beside line.
 *
 * @param file relative to the step's folder
 * @param isInBoth false of a new or deleted file
 * @param stretches of it, which are all its lines
 */
public record SideBySide(String file, boolean isInBoth, List<Stretch> stretches) {
    private static final Pattern WORDS = Pattern.compile("\\w+|\\s+|.");
    /** Of the words of two lines, for one to be what became of the other. */
    private static final double ALIKE = 0.5;

    /**
     * Lines that follow each other.
     *
     * @param pieces what is shown in it; none where it is folded
     * @param place where they are, in words, as in {@link Block}
     */
    public record Stretch(List<String> pieces, String place, List<Row> rows) {
        public boolean isFolded() {
            return pieces.isEmpty();
        }
    }

    /** One of them may be null: what was added, or removed. */
    public record Row(Cell before, Cell after) {}

    /**
     * @param kinds for each character of the line what it is part of, as {@link Source#kinds} has it
     * @param changed the characters that are otherwise in the line beside it
     */
    public record Cell(Line line, String kinds, BitSet changed) {}

    /** If it is not in both. */
    public boolean isNew() {
        return stretches.get(0).rows().get(0).before() == null;
    }

    /** Puts removed lines beside what became of them. */
    static List<Row> rows(List<Cell> lines) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < lines.size(); ) {
            if (!lines.get(i).line().isChange()) {
                rows.add(new Row(lines.get(i), lines.get(i)));
                i++;
                continue;
            }
            List<Cell> removed = new ArrayList<>();
            List<Cell> added = new ArrayList<>();
            for (; i < lines.size() && lines.get(i).line().isChange(); i++) {
                (lines.get(i).line().kind() == Line.Kind.REMOVED ? removed : added).add(lines.get(i));
            }
            align(removed, added, rows);
        }
        return rows;
    }

    private static void align(List<Cell> removed, List<Cell> added, List<Row> rows) {
        int next = 0;
        for (Cell old : removed) {
            int same = next;
            while (same < added.size() && !alike(old, added.get(same))) {
                same++;
            }
            if (same == added.size()) {
                rows.add(new Row(old, null));
                continue;
            }
            added.subList(next, same).forEach(cell -> rows.add(new Row(null, cell)));
            rows.add(compared(old, added.get(same)));
            next = same + 1;
        }
        added.subList(next, added.size()).forEach(cell -> rows.add(new Row(null, cell)));
    }

    private static boolean alike(Cell one, Cell other) {
        List<String> words = words(one);
        List<String> others = words(other);
        words.removeIf(String::isBlank);
        others.removeIf(String::isBlank);
        int gone = DiffUtils.diff(words, others).getDeltas().stream()
                .mapToInt(delta -> delta.getSource().size())
                .sum();
        return !words.isEmpty() && 2.0 * (words.size() - gone) / (words.size() + others.size()) >= ALIKE;
    }

    private static Row compared(Cell old, Cell now) {
        List<String> words = words(old);
        List<String> others = words(now);
        Patch<String> patch = DiffUtils.diff(words, others, true);
        BitSet gone = new BitSet();
        BitSet come = new BitSet();
        int before = 0;
        int after = 0;
        for (AbstractDelta<String> delta : patch.getDeltas()) {
            int left = length(delta.getSource().getLines());
            int right = length(delta.getTarget().getLines());
            if (delta.getType() != DeltaType.EQUAL) {
                gone.set(before, before + left);
                come.set(after, after + right);
            }
            before += left;
            after += right;
        }
        return new Row(new Cell(old.line(), old.kinds(), gone), new Cell(now.line(), now.kinds(), come));
    }

    private static List<String> words(Cell cell) {
        return new ArrayList<>(WORDS.matcher(cell.line().text())
                .results()
                .map(MatchResult::group)
                .toList());
    }

    private static int length(List<String> words) {
        return words.stream().mapToInt(String::length).sum();
    }
}
