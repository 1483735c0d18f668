package workshop.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sources in a checkout of this repository. */
public final class Checkout {
    private static final String MINE = "mine";

    private final Path folder;

    /** @param folder where the steps' folders are */
    public Checkout(Path folder) {
        this.folder = folder;
    }

    /** The steps' folders, by number. */
    public Map<Integer, Path> steps() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().matches("step\\d\\d-.+"))
                    .collect(Collectors.toMap(Checkout::number, entry -> entry, (one, other) -> one, TreeMap::new));
        }
    }

    /** @throws NotThere if there is no such step */
    public Path step(int number) throws IOException {
        Path step = steps().get(number);
        if (step == null) {
            throw new NotThere("there is no step " + number + "; the steps are: "
                    + steps().entrySet().stream()
                            .map(entry -> entry.getKey() + " ("
                                    + entry.getValue().getFileName().toString().substring("stepNN-".length()) + ")")
                            .collect(Collectors.joining(", ")));
        }
        return step;
    }

    /** @throws NotThere if there is no such step */
    public StepDiff diff(int from, int to) throws IOException {
        return diff("" + from, "" + to);
    }

    /**
     * @param from a step's number, or {@code mine} for what the attendee writes
     * @throws NotThere if there is no such step
     */
    public StepDiff diff(String from, String to) throws IOException {
        boolean steps = !from.equals(MINE) && !to.equals(MINE);
        return new StepDiff(words(from), module(from), steps ? to : words(to), module(to));
    }

    private static String words(String step) {
        return step.equals(MINE) ? "your code" : "step " + step;
    }

    private Path module(String step) throws IOException {
        if (step.equals(MINE)) {
            return folder.resolve("my-container");
        } else if (!step.matches("\\d{1,2}")) {
            throw new NotThere("'" + step + "' is neither the number of a step nor mine, for your own code");
        }
        return step(Integer.parseInt(step));
    }

    /**
     * The system calls that a step makes and the one before it does not, or not so.
     *
     * @throws NotThere if there is no such step
     */
    public List<Call> calls(int step) throws IOException {
        Map<String, Call> helpers = new HashMap<>();
        for (String helper : List.of("Linux", "Launcher", "Leftovers")) {
            helpers.putAll(Source.of(folder.resolve("syscalls/src/main/java/syscalls/" + helper + ".java"))
                    .helpers());
        }
        List<Call> calls = new ArrayList<>(calls(step(step), helpers));
        if (steps().containsKey(step - 1)) {
            calls.removeAll(calls(step(step - 1), helpers));
        }
        return calls;
    }

    private static List<Call> calls(Path step, Map<String, Call> helpers) throws IOException {
        List<Call> calls = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(step.resolve("src/main/java"))) {
            for (Path file : tree.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                calls.addAll(Source.of(file).calls(helpers));
            }
        }
        return calls;
    }

    /**
     * The lines of a member of a class or of a whole type, with its comment, as far left as can be.
     *
     * @param module a step's number, or the folder of another module
     * @param name {@code Child}, {@code Child.run}, or, for one of several of that name, {@code Linux.write(int, String)}
     * @throws NotThere if there is no such step, module, type or member
     */
    public List<String> member(String module, String name) throws IOException {
        Path sources = (module.matches("\\d{1,2}") ? step(Integer.parseInt(module)) : folder.resolve(module))
                .resolve("src/main/java");
        if (!Files.isDirectory(sources)) {
            throw new NotThere("there is no module " + module + " with a folder src/main/java");
        }
        try (Stream<Path> tree = Files.walk(sources)) {
            Map<String, Path> types = tree.filter(
                            file -> file.getFileName().toString().endsWith(".java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replaceFirst("\\.java$", ""),
                            file -> file,
                            (one, other) -> one,
                            TreeMap::new));
            String type = name.replaceFirst("\\..*", "");
            Path file = types.get(type);
            if (file == null) {
                throw new NotThere("there is no type " + type + " in " + folder.relativize(sources) + "; there are: "
                        + String.join(", ", types.keySet()));
            }
            return Source.of(file).member(name);
        }
    }

    private static int number(Path step) {
        return Integer.parseInt(step.getFileName().toString().substring("step".length(), "stepNN".length()));
    }
}
