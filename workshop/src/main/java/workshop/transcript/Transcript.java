package workshop.transcript;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A recorded console session: what was typed in one pane or two, in order of time, and what the terminal then showed.
 * The format is told in {@code docs/transcripts/README.md}.
 *
 * @param file where it is kept; its name without {@code .txt} is the transcript's
 * @param attributes of the front matter, in its order
 */
public record Transcript(Path file, Map<String, String> attributes, List<Entry> entries) {
    /** Seconds that a typed line may take, unless the front matter says otherwise. */
    public static final int LIMIT = 30;

    private static final int COLUMNS = 80;
    private static final List<String> KNOWN = List.of("title", "step", "cgroup", "panes", "scrub", "columns", "limit");
    private static final Pattern ATTRIBUTE = Pattern.compile(":([a-z]+): +(\\S.*)");
    private static final Pattern PROMPT = Pattern.compile("(.{0,40}?[#$] )(.*)");

    /** How a line is typed, beside that. */
    public enum Mark {
        /** Not shown to the reader. */
        HIDDEN,
        /** Not waited for: it runs while the next lines are typed. */
        RUNNING
    }

    /**
     * @param line in the file, from 1
     * @param prompt empty if there was none, for what is typed while the line before still runs
     * @param input a line without its end, or a key as in {@code ^C}
     * @param output none if it is hidden
     */
    public record Entry(int line, String pane, Set<Mark> marks, String prompt, String input, List<String> output) {
        public boolean hidden() {
            return marks.contains(Mark.HIDDEN);
        }

        public boolean running() {
            return marks.contains(Mark.RUNNING);
        }

        /** Whether it is a key and not a line. */
        public boolean isKey() {
            return prompt.isEmpty() && input.matches("\\^[A-Z]");
        }

        Entry with(List<String> newOutput) {
            return new Entry(line, pane, marks, prompt, input, newOutput);
        }

        private String head() {
            StringBuilder head = new StringBuilder("[" + pane);
            marks.forEach(mark -> head.append(' ').append(mark.name().toLowerCase(Locale.ROOT)));
            return head + "] " + prompt + input;
        }
    }

    /** @throws TranscriptException with the file and the line, if it is none */
    public static Transcript parse(Path file, String text) throws TranscriptException {
        List<String> lines = text.lines().toList();
        Map<String, String> attributes = new LinkedHashMap<>();
        int n = 0;
        for (; n < lines.size() && lines.get(n).startsWith(":"); n++) {
            Matcher attribute = ATTRIBUTE.matcher(lines.get(n));
            if (!attribute.matches() || !KNOWN.contains(attribute.group(1))) {
                throw new TranscriptException(
                        file, n + 1, "'" + lines.get(n) + "' is no attribute; known are " + KNOWN);
            }
            attributes.put(attribute.group(1), attribute.group(2).strip());
        }
        Transcript transcript = new Transcript(file, attributes, new ArrayList<>());
        transcript.checkAttributes();
        Pattern head =
                Pattern.compile("\\[(" + String.join("|", transcript.panes()) + ")((?: hidden| running)*)] (.+)");
        for (; n < lines.size(); n++) {
            Matcher typed = head.matcher(lines.get(n));
            if (typed.matches()) {
                transcript.entries.add(entry(n + 1, typed.group(1), typed.group(2), typed.group(3)));
            } else if (!transcript.entries.isEmpty()) {
                transcript.entries.get(transcript.entries.size() - 1).output().add(lines.get(n));
            } else if (!lines.get(n).isEmpty()) {
                throw new TranscriptException(
                        file,
                        n + 1,
                        "a typed line is wanted here, as in ["
                                + transcript.panes().get(0) + "] # ls");
            }
        }
        transcript.checkEntries();
        transcript.entries.forEach(entry -> withoutBlankEnd(entry.output()));
        return transcript;
    }

    private static Entry entry(int line, String pane, String marks, String typed) {
        Set<Mark> set = EnumSet.noneOf(Mark.class);
        Arrays.stream(marks.strip().split(" "))
                .filter(mark -> !mark.isEmpty())
                .forEach(mark -> set.add(Mark.valueOf(mark.toUpperCase(Locale.ROOT))));
        Matcher prompted = PROMPT.matcher(typed);
        boolean matches = prompted.matches();
        return new Entry(
                line,
                pane,
                set,
                matches ? prompted.group(1) : "",
                matches ? prompted.group(2) : typed,
                new ArrayList<>());
    }

    private void checkAttributes() throws TranscriptException {
        if (title().isEmpty()) {
            throw new TranscriptException(file, 1, "it has no :title:");
        }
        for (String number : List.of("step", "columns", "limit")) {
            if (!attributes.getOrDefault(number, "1").matches("[1-9]\\d{0,2}")) {
                throw new TranscriptException(file, lineOf(number), "'" + attributes.get(number) + "' is no number");
            }
        }
        if (cgroup().isPresent() && !name().endsWith("." + cgroup().get())) {
            throw new TranscriptException(
                    file, lineOf("cgroup"), "its file's name must end with ." + cgroup().get() + ".txt");
        }
        for (String pane : panes()) {
            if (!pane.matches("[a-z]+")) {
                throw new TranscriptException(file, lineOf("panes"), "'" + pane + "' is no pane's name");
            }
        }
        for (String rule : list("scrub")) {
            if (Scrub.Rule.named(rule).isEmpty()) {
                throw new TranscriptException(
                        file, lineOf("scrub"), "there is no rule '" + rule + "'; there are " + Scrub.Rule.all());
            }
        }
    }

    private int lineOf(String attribute) {
        return new ArrayList<>(attributes.keySet()).indexOf(attribute) + 1;
    }

    private void checkEntries() throws TranscriptException {
        if (entries.isEmpty()) {
            throw new TranscriptException(file, attributes.size() + 1, "nothing is typed in it");
        }
        Map<String, Entry> last = new LinkedHashMap<>();
        for (Entry entry : entries) {
            Entry before = last.put(entry.pane(), entry);
            if (entry.prompt().isEmpty() && (before == null || !before.running())) {
                throw new TranscriptException(
                        file,
                        entry.line(),
                        "it has no prompt, so the line before it is not waited for: mark that one, as in ["
                                + entry.pane() + " running]");
            }
            if (entry.prompt().length() + entry.input().length() >= columns()) {
                throw new TranscriptException(
                        file, entry.line(), "it is longer than the terminal is wide: raise :columns: " + columns());
            }
        }
    }

    static void withoutBlankEnd(List<String> lines) {
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isBlank()) {
            lines.remove(lines.size() - 1);
        }
    }

    /** The file's content. */
    public String text() {
        StringBuilder text = new StringBuilder();
        attributes.forEach((name, value) -> text.append(":" + name + ": " + value + "\n"));
        String pane = "";
        for (Entry entry : entries) {
            text.append(entry.pane().equals(pane) ? "" : "\n")
                    .append(entry.head())
                    .append('\n');
            entry.output().forEach(line -> text.append(line).append('\n'));
            pane = entry.pane();
        }
        return text.toString();
    }

    /** The file's name without {@code .txt}. */
    public String name() {
        return file.getFileName().toString().replaceFirst("\\.txt$", "");
    }

    public String title() {
        return attributes.getOrDefault("title", "");
    }

    /** The kind of cgroups that its text depends on, if it does: v1 or v2. */
    public Optional<String> cgroup() {
        return Optional.ofNullable(attributes.get("cgroup"));
    }

    /** The panes' names, in the order in which they stand. */
    public List<String> panes() {
        return attributes.containsKey("panes") ? list("panes") : List.of("host");
    }

    /** The width of its terminals, in characters. */
    public int columns() {
        return number("columns", COLUMNS);
    }

    /** The most that a typed line may take, in seconds. */
    public int limit() {
        return number("limit", LIMIT);
    }

    Set<Scrub.Rule> rules() {
        Set<Scrub.Rule> rules = EnumSet.noneOf(Scrub.Rule.class);
        list("scrub").forEach(name -> rules.add(Scrub.Rule.named(name).orElseThrow()));
        return rules;
    }

    private int number(String attribute, int otherwise) {
        return attributes.containsKey(attribute) ? Integer.parseInt(attributes.get(attribute)) : otherwise;
    }

    private List<String> list(String attribute) {
        return Arrays.stream(attributes.getOrDefault(attribute, "").split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
