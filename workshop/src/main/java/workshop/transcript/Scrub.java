package workshop.transcript;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces what differs from run to run. Numbers keep their identity: the same one always becomes the same, counted in
 * the order of their appearance; in a typed line it is the other way round.
 */
final class Scrub {
    /** The host's PIDs are greater than this, so that few other numbers can be taken for one. */
    static final int FIRST_PID = 1100;

    enum Rule {
        /** A PID on the host: greater than {@link #FIRST_PID}, up to 2999. */
        PID("(?<![\\w.])(?:1[1-9]\\d\\d|2\\d{3})(?![\\w.])", n -> 4711 + n),
        /** A PID in a container, but for 1: in the first column of busybox's ps, and of a background job. */
        INNER_PID("(?m)^ *(?!1 )\\d+(?= root )|(?<=^\\[\\d] )\\d+$", n -> 17 + n),
        /** The inode of a namespace. */
        NAMESPACE("(?<=:\\[)40265\\d{5}(?=])", n -> 4026532201L + n),
        /** The time in {@code ls -l}. */
        DATE("\\b[A-Z][a-z]{2} [ \\d]\\d (?:\\d\\d:\\d\\d| \\d{4})(?= )", "Jan  1 12:00"),
        /** How long busybox's dd took. */
        SPEED("\\d+\\.\\d+ seconds, \\d+\\.\\d+[KMG]?B/s", "0.100000 seconds, 2.0GB/s"),
        /** What busybox says of itself when its shell starts: left out. */
        BANNER("(?m)^\\n*BusyBox v.*\\nEnter 'help'.*\\n+", ""),
        /** Equal lines, one after the other: one, and an ellipsis. */
        REPEATS("(?m)^(.+)\\n(?:\\1\\n)+", "$1\n...\n"),
        /** Where a step says that its limits are: as on cgroup v2, also on v1. */
        LIMITS(
                "(?:Limits in /sys/fs/cgroup/(?:\\w+/)?container-(\\d+) \\(cgroup v[12]\\)\\n)+",
                "Limits in /sys/fs/cgroup/container-$1 (cgroup v2)\n"),
        /** The number that {@code --keep} puts into a directory's name. */
        KEPT("(?<=/kept-)\\d+", "8161723");

        private final Pattern pattern;
        private final String replacement;
        private final IntToLongFunction numbering;

        Rule(String regex, String replacement) {
            this.pattern = Pattern.compile(regex);
            this.replacement = replacement;
            this.numbering = null;
        }

        Rule(String regex, IntToLongFunction numbering) {
            this.pattern = Pattern.compile(regex);
            this.replacement = null;
            this.numbering = numbering;
        }

        static Optional<Rule> named(String name) {
            return Arrays.stream(values())
                    .filter(rule -> rule.toString().equals(name))
                    .findFirst();
        }

        static List<Rule> all() {
            return List.of(values());
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Map<Rule, Map<String, String>> shown = new EnumMap<>(Rule.class);

    Scrub(Set<Rule> rules) {
        rules.forEach(rule -> shown.put(rule, new LinkedHashMap<>()));
    }

    /** What of the terminal's text is shown. */
    String output(String text) {
        String scrubbed = text;
        for (Rule rule : shown.keySet()) {
            Matcher matcher = rule.pattern.matcher(scrubbed);
            scrubbed = rule.numbering == null
                    ? matcher.replaceAll(rule.replacement)
                    : matcher.replaceAll(
                            match -> justified(number(rule, match.group().strip()), match.group()));
        }
        return scrubbed;
    }

    private String number(Rule rule, String real) {
        Map<String, String> numbers = shown.get(rule);
        int n = numbers.size();
        return numbers.computeIfAbsent(real, unknown -> "" + rule.numbering.applyAsLong(n));
    }

    /** In columns as wide as they were. */
    private static String justified(String number, String instead) {
        return " ".repeat(Math.max(0, instead.length() - number.length())) + number;
    }

    /** What is typed for an input that has shown numbers in it. */
    String input(String text) {
        Map<String, String> real = new LinkedHashMap<>();
        shown.values().forEach(numbers -> numbers.forEach((from, to) -> real.put(to, from)));
        return Pattern.compile("\\d+")
                .matcher(text)
                .replaceAll(match -> real.getOrDefault(match.group(), match.group()));
    }
}
