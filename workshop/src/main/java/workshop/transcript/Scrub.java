package workshop.transcript;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
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
        PID("(?<![\\w.])(?:11(?!00)\\d\\d|1[2-9]\\d\\d|2\\d{3})(?![\\w.])", 4711),
        /** A PID in a container, but for 1: in the first column of busybox's ps, and of a background job. */
        INNER_PID("^ *(?!1 )\\d+(?= root )|(?<=^\\[\\d] )\\d+$", 17),
        /** The inode of a namespace. */
        NAMESPACE("(?<=:\\[)40265\\d{5}(?=])", 4026532201L),
        /** The time in {@code ls -l}. */
        DATE("\\b[A-Z][a-z]{2} [ \\d]\\d (?:\\d\\d:\\d\\d| \\d{4})(?= )", date -> "Jan  1 12:00"),
        /** What busybox says of itself when its shell starts: left out. */
        BANNER("^\\n*BusyBox v.*\\nEnter 'help'.*\\n+", banner -> ""),
        /** What bash says in a fork bomb, which is not the same twice, nor in the same order: once, and an ellipsis. */
        FORK_RETRY(
                "LINE+(?=exit\n)|(?<=^exit\n)LINE+|LINE*^(?:PROMPT)?(bash: fork: retry: ERROR\n)LINE*"
                        .replace(
                                "LINE",
                                "(?:^(?:PROMPT)?(?:bash: fork: (?:retry: )?ERROR|\\[1] \\d+|\\[1]\\+  Done +: \\| :)\n)")
                        .replace("PROMPT", "bash-\\d\\.\\d# ")
                        .replace("ERROR", "Resource temporarily unavailable"),
                said -> said.group(1) == null ? "" : job(said.group()) + said.group(1) + "...\n"),
        /** What a run's cgroup and folder are named after. */
        RUN_ID("(?<=container-|containers/|kept-)[0-9a-f]{12}(?![0-9a-f])", 0x6f0a41c7d2e0L),
        /** Where a step says that its limits are: as on cgroup v2, also on v1. */
        LIMITS(
                "(?:Limits in /sys/fs/cgroup/(?:\\w+/)?container-(\\w+) \\(cgroup v[12]\\)\\n)+",
                limits -> "Limits in /sys/fs/cgroup/container-" + limits.group(1) + " (cgroup v2)\n"),
        /** All capabilities that root has on this machine: as all 41. */
        CAPABILITIES(
                "(?<=^CapEff:\\s{1,8})[0-9a-f]{16}$",
                set -> set.group().equals(ofRoot()) ? "000001ffffffffff" : set.group()),
        /** What a tmpfs says of itself where the kernel was built with CONFIG_TMPFS_INODE64, as Debian's: left out. */
        INODE64("(?<=\\brw,relatime),inode64\\b", option -> "");

        private final Pattern pattern;
        private final Function<MatchResult, String> replacement;
        private final long first;

        Rule(String regex, Function<MatchResult, String> replacement) {
            this.pattern = Pattern.compile(regex, Pattern.MULTILINE);
            this.replacement = replacement;
            this.first = 0;
        }

        Rule(String regex, long first) {
            this.pattern = Pattern.compile(regex, Pattern.MULTILINE);
            this.replacement = null;
            this.first = first;
        }

        private static String ofRoot() {
            try {
                return Pattern.compile("^CapEff:\\s+(\\w+)", Pattern.MULTILINE)
                        .matcher(Files.readString(Path.of("/proc/self/status")))
                        .results()
                        .findFirst()
                        .orElseThrow()
                        .group(1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String job(String text) {
            return text.lines()
                    .filter(line -> line.matches("\\[1] \\d+"))
                    .map(line -> line + "\n")
                    .findFirst()
                    .orElse("");
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
            scrubbed = rule.replacement != null
                    ? matcher.replaceAll(rule.replacement)
                    : matcher.replaceAll(
                            match -> justified(number(rule, match.group().strip()), match.group()));
        }
        return scrubbed;
    }

    private String number(Rule rule, String real) {
        Map<String, String> numbers = shown.get(rule);
        int n = numbers.size();
        return numbers.computeIfAbsent(
                real, unknown -> rule == Rule.RUN_ID ? Long.toHexString(rule.first + n) : "" + (rule.first + n));
    }

    /** In columns as wide as they were. */
    private static String justified(String number, String instead) {
        return " ".repeat(Math.max(0, instead.length() - number.length())) + number;
    }

    /** What is typed for an input that has shown numbers in it. */
    String input(String text) {
        Map<String, String> real = new LinkedHashMap<>();
        shown.values().forEach(numbers -> numbers.forEach((from, to) -> real.put(to, from)));
        return Pattern.compile("[0-9a-f]{12}|\\d+")
                .matcher(text)
                .replaceAll(match -> real.getOrDefault(match.group(), match.group()));
    }
}
