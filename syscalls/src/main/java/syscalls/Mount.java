package syscalls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of /proc/PID/mountinfo, see proc(5).
 *
 * @param parent the id of the mount that this one is mounted on
 * @param device major:minor of the file system
 * @param root what of the file system is mounted, as a path in it
 * @param point where; in a name that is not UTF-8 a character stands for each byte that is none
 * @param options of this mount, as {@code rw}, {@code nodev}
 * @param superOptions of the file system itself, as a cgroup's controllers, not unescaped: what is escaped in them, and
 *     how often, each file system decides
 */
public record Mount(
        int id,
        int parent,
        String device,
        String root,
        Path point,
        String type,
        List<String> options,
        List<String> superOptions) {
    private static final Pattern LOWERDIR = Pattern.compile("(?:^|,)lowerdir=((?:\\\\.|[^\\\\,])*)");
    private static final String DELETED = "//deleted";
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    /** What the calling thread sees mounted, in the order of mounting. */
    public static List<Mount> all() throws IOException {
        return parse(Files.readAllBytes(Path.of("/proc/thread-self/mountinfo")));
    }

    /** @param mountinfo as the kernel prints it: names of any bytes, but blank, tab, newline and \ in octal */
    public static List<Mount> parse(byte[] mountinfo) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : new String(mountinfo, ISO_8859_1).split("\n")) { // a carriage return is no end of one
            if (!line.isEmpty()) {
                mounts.add(parseLine(line));
            }
        }
        return mounts;
    }

    private static Mount parseLine(String line) {
        String[] fields = line.split(" ", -1);
        int separator = Arrays.asList(fields).indexOf("-"); // the number of fields before it varies
        return new Mount(
                Integer.parseInt(fields[0]),
                Integer.parseInt(fields[1]),
                fields[2],
                unescape(fields[3]),
                path(unescape(fields[4])),
                unescape(fields[separator + 1]),
                List.of(fields[5].split(",")),
                List.of(fields[separator + 3].split(",")));
    }

    private static String unescape(String field) {
        String bytes = field.indexOf('\\') < 0
                ? field
                : OCTAL.matcher(field).replaceAll(octal -> String.valueOf((char) Integer.parseInt(octal.group(1), 8))
                        .replace("\\", "\\\\"));
        String name = new String(bytes.getBytes(ISO_8859_1), UTF_8);
        return name.endsWith(DELETED) ? name.substring(0, name.length() - DELETED.length()) : name;
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) { // in the C locale, say, Java has no path for it
            return Path.of(name.replaceAll("[^ -~]", "?"));
        }
    }

    /** Whether its mount point leads to it: no other mount covers it, or a directory above it. */
    public boolean isVisible(List<Mount> mounts) {
        for (Mount other : mounts) {
            if (other.parent == id && other.id != id && other.point.equals(point)) {
                return false;
            }
        }
        return isReached(mounts);
    }

    private boolean isReached(List<Mount> mounts) {
        Mount below = null;
        for (Mount other : mounts) {
            if (other.parent == parent && other.id != id && point.startsWith(other.point)) {
                return false;
            }
            below = other.id == parent && other.id != id ? other : below;
        }
        return below == null || below.isReached(mounts);
    }

    /** Of an overlay: the directories below, the highest first; in the option a name's own :, comma and \ have a \. */
    public List<Path> lowerLayers() {
        Matcher lowerdir = LOWERDIR.matcher(unescape(String.join(",", superOptions)));
        return !type.equals("overlay") || !lowerdir.find()
                ? List.of()
                : Pattern.compile("(?<!\\\\):")
                        .splitAsStream(lowerdir.group(1))
                        .map(layer -> path(layer.replaceAll("\\\\(.)", "$1")))
                        .toList();
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
