package workshop.code;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Some pieces of one file, to be shown together.
 *
 * @param file relative to the step's folder
 * @param place where they are, in words; names from the source are between backticks
 * @param pieces their names
 * @param lines with those around that help to find the place, and what is between folded
 */
public record Block(String file, String place, List<String> pieces, List<Line> lines) {
    /** {@code Child.java} */
    public String fileName() {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    /**
     * Only some of its lines; the others are folded.
     *
     * @param from in the first line that is shown; null for all
     * @param before in the line before which it ends; null for all
     * @throws NotThere if no line contains such a text
     */
    public Block part(String from, String before) {
        int first = from == null ? 0 : find(from, 0);
        int end = before == null ? lines.size() : find(before, first + 1);
        List<Line> part = new ArrayList<>();
        fold(lines.subList(0, first), part);
        part.addAll(lines.subList(first, end));
        fold(lines.subList(end, lines.size()), part);
        return new Block(file, place, pieces, part);
    }

    private static void fold(List<Line> lines, List<Line> part) {
        int folded = lines.stream()
                .mapToInt(line -> line.kind() == Line.Kind.FOLDED ? line.after() : 1)
                .sum();
        if (folded > 0) {
            part.add(Line.folded(folded));
        }
    }

    private int find(String text, int start) {
        return IntStream.range(start, lines.size())
                .filter(i -> lines.get(i).text().contains(text))
                .findFirst()
                .orElseThrow(
                        () -> new NotThere("no line of " + String.join(", ", pieces) + " contains '" + text + "'"));
    }
}
