package testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A line of /proc/PID/mountinfo, see proc(5).
 *
 * @param device major:minor of the file system
 * @param root what of the file system is mounted, as a path in it
 * @param options of this mount, as {@code rw}, {@code nodev}
 * @param superOptions of the file system itself, as a cgroup's controllers
 */
public record Mount(
        String device, String root, Path point, String type, List<String> options, List<String> superOptions) {
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    /** What this process sees mounted, in the order of mounting. */
    public static List<Mount> all() throws IOException {
        return parse(Files.readString(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8));
    }

    public static List<Mount> parse(String mountinfo) {
        return mountinfo.lines().map(Mount::parseLine).toList();
    }

    private static Mount parseLine(String line) {
        String[] fields = line.split(" ");
        int separator = Arrays.asList(fields).indexOf("-"); // the number of fields before it varies
        return new Mount(
                fields[2],
                path(fields[3]),
                Path.of(path(fields[4])),
                fields[separator + 1],
                List.of(fields[5].split(",")),
                List.of(fields[separator + 3].split(",")));
    }

    private static String path(String field) {
        return OCTAL.matcher(field)
                .replaceAll(octal -> "" + (char) Integer.parseInt(octal.group(1), 8))
                .replaceFirst("//deleted$", "");
    }

    /** The mount that a file or directory lies on. */
    public static Optional<Mount> under(Path file, List<Mount> mounts) {
        Mount found = null;
        for (Mount mount : mounts) {
            boolean deeper =
                    found == null || mount.point.getNameCount() >= found.point.getNameCount(); // a later one covers
            if (deeper && file.startsWith(mount.point)) {
                found = mount;
            }
        }
        return Optional.ofNullable(found);
    }

    /** What is mounted on a directory or below it. */
    public static List<Mount> below(Path directory, List<Mount> mounts) {
        return mounts.stream()
                .filter(mount -> mount.point.startsWith(directory))
                .toList();
    }
}
