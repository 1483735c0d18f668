package container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import syscalls.Linux;
import testkit.Host;
import testkit.Program;
import testkit.Result;
import testkit.Running;

/** A host to be hard on, and the look for what is left there. */
final class Fire implements AutoCloseable {
    /** As before a release; else less often, as at each commit. */
    static final boolean FULL = "full".equals(System.getProperty("fire"));

    final Host host;
    private final Program program = Program.ofJar(Path.of(System.getProperty("jar")));
    private final List<String> mounts;

    Fire() throws IOException {
        host = new Host(program);
        mounts = host.init().mounts();
    }

    /** The cgroup that all of the host's processes are in or below. */
    Path group(String controller) throws IOException {
        return Linux.cgroupHierarchy(controller).resolve(host.directory().getFileName());
    }

    void limit(String controller, String v1, String v2, String limit) throws IOException {
        Path file = group(controller).resolve(v2);
        Linux.write(Files.exists(file) ? file : group(controller).resolve(v1), limit);
    }

    /** The program's `run` with these arguments, as a word list for sh. */
    String run(String... arguments) {
        List<String> words = new ArrayList<>(program.command());
        words.add("run");
        words.addAll(List.of(arguments));
        return words.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    /** What is left of containers: processes, mounts, cgroups, directories, open files; none of it may be. */
    List<String> leftovers() throws IOException {
        List<String> left = new ArrayList<>();
        for (String process : processes(group("pids"))) {
            left.add("process " + process);
        }
        host.init().mounts().stream()
                .filter(mount -> !mounts.contains(mount))
                .forEach(mount -> left.add("mount " + mount));
        host.groups().forEach(group -> left.add("cgroup " + group));
        Path containers = host.directory().resolve("containers");
        if (Files.exists(containers)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(containers)) {
                entries.forEach(entry -> left.add("directory " + entry));
            }
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                left.addAll(held(process, containers));
            }
        }
        return left;
    }

    /** Waits until the last process has ended, as a killed run does not. */
    List<String> leftoversAtRest() throws IOException {
        Running.waitUntil(
                "all processes have ended", () -> processes(group("pids")).isEmpty());
        return leftovers();
    }

    private static List<String> processes(Path group) throws IOException {
        List<String> found = new ArrayList<>(Files.readAllLines(group.resolve("cgroup.procs")));
        try (DirectoryStream<Path> children = Files.newDirectoryStream(group, Files::isDirectory)) {
            for (Path child : children) {
                found.addAll(processes(child));
            }
        }
        return found;
    }

    /** What any process of this machine has open, or mounted in whatever namespace, of a container's. */
    private List<String> held(Path process, Path containers) {
        List<String> held = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            for (Path descriptor : descriptors.toList()) {
                String file = Files.readSymbolicLink(descriptor).toString();
                if (file.startsWith(containers + "/")
                        || file.contains(host.directory().getFileName() + "/container-")) {
                    held.add(descriptor + " -> " + file);
                }
            }
            for (String mount : Files.readAllLines(process.resolve("mountinfo"))) {
                if (mount.contains(containers + "/")) {
                    held.add(process + " sees " + mount);
                }
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            return held; // it has ended meanwhile
        }
        return held;
    }

    /** One clear line beside those that tell what runs; nothing left. */
    void assertRefused(Result result, int exit, String... words) throws IOException {
        assertThat(result.err().lines().filter(line -> !line.matches("(Running|Limits) .*")))
                .singleElement()
                .asString()
                .startsWith("container: ")
                .contains(words)
                .hasSizeLessThan(5000);
        assertThat(result.exit()).isEqualTo(exit);
        assertThat(result.out()).isEmpty();
        assertThat(leftoversAtRest()).isEmpty();
    }

    @Override
    public void close() throws IOException {
        host.close();
    }
}
