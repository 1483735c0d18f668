package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code progress}: what attendees' checks wrote into a folder. It is theirs, so none of it is believed. */
@Command(
        name = "progress",
        description = "For instructors: who is at which step and check, since when.",
        footer = {
            "",
            "An attendee who agrees says ./lab check --share DIR, or sets LAB_SHARE=DIR, and LAB_NAME to a name."
        })
final class Progress implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** No line is longer, and of a file no more than so many bytes at its end are read. */
    private static final int LONGEST_LINE = 1000;

    private static final int MOST = 1 << 20;
    private static final int NAME = 24;

    @Parameters(paramLabel = "DIR", description = "The folder that they share.")
    Path folder;

    @Option(names = "--watch", description = "Show it again every two seconds, until Ctrl-C.")
    boolean watch;

    /** @param since when the first check in a row ended there, at this step and this check */
    record Attendee(String name, CheckResult last, Instant since) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + ": no such folder");
        }
        do {
            List<Attendee> attendees = attendees(folder);
            if (watch) {
                System.out.printf(Locale.ROOT, "\033[H\033[2J%tT, %s%n", LocalTime.now(ZoneId.systemDefault()), folder);
            }
            print(attendees);
            if (watch) {
                Thread.sleep(2000);
            }
        } while (watch);
        return 0;
    }

    /** Who is behind comes first. */
    static List<Attendee> attendees(Path folder) throws IOException {
        List<Attendee> attendees = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jsonl")) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    attendee(file).ifPresent(attendees::add);
                }
            }
        }
        attendees.sort(
                Comparator.comparing((Attendee attendee) -> attendee.last().step())
                        .thenComparing(attendee -> attendee.last().passed())
                        .thenComparing(Attendee::name));
        return attendees;
    }

    private static Optional<Attendee> attendee(Path file) throws IOException {
        String name = file.getFileName().toString().replaceFirst("\\.jsonl$", "");
        CheckResult last = null;
        Instant since = null;
        for (String line : end(file).split("\n")) {
            Optional<JsonNode> json = line.length() > LONGEST_LINE ? Optional.empty() : parse(line);
            CheckResult result = json.flatMap(CheckResult::of).orElse(null);
            if (result == null) {
                continue; // half written, or no such line at all
            }
            if (last == null || result.step() != last.step() || !Objects.equals(result.failing(), last.failing())) {
                since = result.time();
            }
            last = result;
            name = json.get().path("name").asText(name);
        }
        return last == null ? Optional.empty() : Optional.of(new Attendee(name, last, since));
    }

    private static Optional<JsonNode> parse(String line) {
        try {
            return Optional.ofNullable(JSON.readTree(line));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String end(Path file) throws IOException {
        try (InputStream input = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            input.skipNBytes(Math.max(0, Files.size(file) - MOST));
            return new String(input.readNBytes(MOST), UTF_8);
        }
    }

    private static void print(List<Attendee> attendees) {
        if (attendees.isEmpty()) {
            System.out.println("Nobody has shared a check yet: ./lab check --share DIR");
            return;
        }
        String format = "%-" + NAME + "s %-5s %-9s %-18s %s%n";
        System.out.print(Ansi.AUTO.string("@|bold "
                + String.format(Locale.ROOT, format, "name", "step", "passed", "fails first", "since") + "|@"));
        for (Attendee attendee : attendees) {
            CheckResult last = attendee.last();
            System.out.printf(
                    Locale.ROOT,
                    format,
                    harmless(attendee.name()),
                    last.step(),
                    last.passed() + " of " + last.of(),
                    last.failing() == null ? "-" : harmless(last.failing()),
                    since(attendee.since(), Instant.now()));
        }
    }

    /** Nothing that a terminal could take for more than a letter; and not too long. */
    static String harmless(String text) {
        String printable = text.replaceAll("[^\\p{L}\\p{N}\\p{P}\\p{S}\\x20]", "?");
        return printable.length() <= NAME ? printable : printable.substring(0, NAME - 1) + "…";
    }

    static String since(Instant time, Instant now) {
        long minutes = Duration.between(time, now).toMinutes();
        if (minutes < 1) {
            return "now";
        }
        return minutes < 120
                ? minutes + " min"
                : minutes < 48 * 60 ? minutes / 60 + " h" : minutes / (24 * 60) + " days";
    }
}
