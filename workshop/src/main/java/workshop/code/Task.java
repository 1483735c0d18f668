package workshop.code;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an attendee has to do to get to a step, in words; the code itself is computed from the steps.
 *
 * <p>The file {@code tasks/stepNN.txt} has a line {@code = TITLE}, one {@code man: PAGE…}, and the text of the task;
 * then {@code == given} with the names of the pieces that are no part of the lesson; then {@code == PIECE} for each
 * that is, with lines {@code key: text}: a {@code todo} for each of its places (or {@code given}), {@code checks},
 * {@code question} and {@code pointer}. A line that is indented goes on with the one above; {@code - }
 * begins an item of a list.
 *
 * @param title what the step is about
 * @param man pages of the manual, as {@code unshare(2)}
 * @param text the task, as it is to be printed
 * @param given names of pieces, or of whole new files, as {@code Size}
 * @param pieces by name
 */
public record Task(
        int step, String title, List<String> man, String text, Set<String> given, Map<String, PieceTask> pieces) {
    /** Of a place: it is no part of the lesson. */
    static final String GIVEN = "given";

    /**
     * One piece that is for the attendee to write.
     *
     * @param todos what to do at each of its places, from above; {@link #GIVEN} for one that is done already
     * @param beside whether the new code is given, but cannot take the old one's place yet: both are there
     * @param checks those which it makes pass
     * @param question the first hint
     * @param pointer the second hint
     */
    public record PieceTask(
            String piece, List<String> todos, boolean beside, List<String> checks, String question, String pointer) {}

    private static final Pattern KEY = Pattern.compile("([a-z]+): (.*)");

    /** @throws NotThere if there is none for this step */
    public static Task of(int step) throws IOException {
        String file = String.format(Locale.ROOT, "/workshop/tasks/step%02d.txt", step);
        try (InputStream stream = Task.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new NotThere("there is no task for step " + step);
            }
            return new Reader(step, file, new String(stream.readAllBytes(), UTF_8)).task();
        }
    }

    private static final class Reader {
        private final int step;
        private final String file;
        private final List<String> lines;
        private int next;

        Reader(int step, String file, String text) {
            this.step = step;
            this.file = file;
            lines = text.lines().toList();
        }

        private boolean more() {
            return next < lines.size();
        }

        private IllegalStateException wrong(String why) {
            return new IllegalStateException(file + ":" + next + ": " + why);
        }

        private String after(String start) {
            String line = more() ? lines.get(next++) : "";
            if (!line.startsWith(start)) {
                throw wrong("here should be a line that begins with '" + start + "'");
            }
            return line.substring(start.length()).strip();
        }

        Task task() {
            String title = after("= ");
            List<String> man = words(after("man: "));
            List<String> text = new ArrayList<>();
            while (more() && !lines.get(next).startsWith("== ")) {
                text.add(lines.get(next++));
            }
            Set<String> given = new LinkedHashSet<>();
            Map<String, PieceTask> pieces = new LinkedHashMap<>();
            while (more()) {
                String name = after("== ");
                if (name.equals(GIVEN)) {
                    while (more() && !lines.get(next).startsWith("== ")) {
                        given.addAll(words(lines.get(next++)));
                    }
                } else {
                    pieces.put(name, piece(name));
                }
            }
            return new Task(step, title, man, String.join("\n", text).strip(), given, pieces);
        }

        private PieceTask piece(String name) {
            Map<String, List<String>> values = new LinkedHashMap<>();
            while (more() && !lines.get(next).startsWith("== ")) {
                String line = lines.get(next++);
                if (line.isBlank()) {
                    continue;
                }
                Matcher key = KEY.matcher(line);
                if (!key.matches()
                        || !Set.of("todo", "beside", "checks", "question", "pointer")
                                .contains(key.group(1))) {
                    throw wrong("'" + line + "' is no part of a piece");
                }
                StringBuilder value = new StringBuilder(key.group(2));
                while (more() && lines.get(next).startsWith("  ")) {
                    value.append('\n').append(lines.get(next++).strip());
                }
                values.computeIfAbsent(key.group(1), any -> new ArrayList<>()).add(value.toString());
            }
            boolean beside = values.containsKey("beside");
            List<String> todos = values.getOrDefault(beside ? "beside" : "todo", List.of());
            if (todos.isEmpty()) {
                throw wrong(name + " has no todo");
            }
            return new PieceTask(
                    name, todos, beside, words(one(values, "checks")), one(values, "question"), one(values, "pointer"));
        }

        private String one(Map<String, List<String>> values, String key) {
            List<String> all = values.getOrDefault(key, List.of());
            if (all.size() != 1) {
                throw wrong("there should be one line " + key + ": above");
            }
            return all.get(0);
        }

        private static List<String> words(String text) {
            return text.isBlank() ? List.of() : List.of(text.strip().split("[\\s,]+"));
        }
    }
}
