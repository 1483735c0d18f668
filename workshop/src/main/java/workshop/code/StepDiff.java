package workshop.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What differs in the sources of two steps, below {@code src/main}, piece by piece. */
public final class StepDiff {
    private final String from;
    private final String to;
    private final List<FileDiff> files = new ArrayList<>();

    /** @param from what the one is called in a message, as {@code step 2}; so is {@code to} */
    StepDiff(String from, Path before, String to, Path after) throws IOException {
        this.from = from;
        this.to = to;
        Set<String> names = new TreeSet<>(sources(before));
        names.addAll(sources(after));
        for (String name : names) {
            Path old = before.resolve(name);
            Path now = after.resolve(name);
            if (Files.exists(old) && Files.exists(now) && Files.mismatch(old, now) < 0) {
                continue;
            }
            Source oldSource = Files.exists(old) ? Source.of(old) : null;
            Source newSource = Files.exists(now) ? Source.of(now) : null;
            if (oldSource == null || newSource == null || !oldSource.lines().equals(newSource.lines())) {
                files.add(new FileDiff(name, oldSource, newSource));
            }
        }
    }

    /** Files below {@code src/main}, relative to the module's folder. */
    static Set<String> sources(Path step) throws IOException {
        try (Stream<Path> tree = Files.walk(step.resolve("src/main"))) {
            return tree.filter(Files::isRegularFile)
                    .map(file -> step.relativize(file).toString())
                    .collect(Collectors.toSet());
        }
    }

    /** All pieces; a line that differs is in exactly one. */
    public List<Piece> pieces() {
        return files.stream().flatMap(file -> file.pieces().stream()).toList();
    }

    /**
     * The pieces of these names, as they are best read.
     *
     * @param names of pieces, or of whole files, as {@code Run}; none means all
     * @return a block for each new or deleted file and for each piece of another; pieces of one file that were named
     *     one by one are one block
     * @throws NotThere if there is nothing of such a name
     */
    public List<Block> blocks(List<String> names) {
        List<Block> blocks = new ArrayList<>();
        select(names).forEach((file, pieces) -> {
            boolean whole = names.isEmpty() || names.stream().anyMatch(file::isCalled);
            if (whole && !file.isNewOrDeleted()) {
                pieces.forEach(piece -> blocks.add(file.block(Set.of(piece))));
            } else {
                blocks.add(file.block(pieces));
            }
        });
        return blocks;
    }

    /**
     * The files of these pieces, whole.
     *
     * @param names as of {@link #blocks}
     * @throws NotThere if there is nothing of such a name
     */
    public List<SideBySide> sideBySide(List<String> names) {
        List<SideBySide> whole = new ArrayList<>();
        select(names).forEach((file, pieces) -> whole.add(file.sideBySide(pieces)));
        return whole;
    }

    /**
     * The lines of these pieces, with nothing around them.
     *
     * @throws NotThere if there is nothing of such a name
     */
    public List<Line> changes(List<String> names) {
        List<Line> lines = new ArrayList<>();
        select(names).forEach((file, pieces) -> lines.addAll(file.changes(pieces)));
        return lines;
    }

    /**
     * These pieces as git and patch(1) take it, in the first step's folder: {@code git apply}, {@code patch -p1}.
     *
     * @param names as of {@link #blocks}
     * @throws NotThere if there is nothing of such a name
     */
    public String patch(List<String> names) {
        StringBuilder patch = new StringBuilder();
        select(names).forEach((file, pieces) -> patch.append(file.patch(pieces)));
        return patch.toString();
    }

    private Map<FileDiff, Set<String>> select(List<String> names) {
        Map<FileDiff, Set<String>> selected = new LinkedHashMap<>();
        for (FileDiff file : files) {
            Set<String> pieces = file.select(names);
            if (!pieces.isEmpty()) {
                selected.put(file, pieces);
            }
        }
        for (String name : names) {
            if (files.stream().allMatch(file -> file.select(List.of(name)).isEmpty())) {
                throw new NotThere("nothing called " + name + " differs from " + from + " to " + to
                        + "; what does: "
                        + (files.isEmpty()
                                ? "nothing"
                                : pieces().stream().map(Piece::name).distinct().collect(Collectors.joining(", "))));
            }
        }
        return selected;
    }
}
