package workshop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import syscalls.Leftovers;
import syscalls.Mount;

/**
 * What runs of steps 5 and 6 left behind that were killed; the next one ends and removes it.
 *
 * @param folders of containers, in LAB_HOME
 * @param groups control groups, in every hierarchy
 * @param processes that live on in those groups
 */
record KilledRuns(List<Path> folders, List<Path> groups, SortedSet<Long> processes) {
    /** As far as the caller may see them. */
    static KilledRuns look() throws IOException {
        Path containers = Lab.home().resolve("containers");
        List<Path> folders = Files.isReadable(containers) ? Leftovers.unowned(containers, "") : List.of();
        List<Path> groups = new ArrayList<>();
        List<Mount> mounts = Mount.all();
        for (Mount mount : mounts) {
            if (mount.type().startsWith("cgroup") && mount.isVisible(mounts) && Files.isReadable(mount.point())) {
                groups.addAll(Leftovers.unowned(mount.point(), "container-"));
            }
        }
        SortedSet<Long> processes = new TreeSet<>();
        for (Path group : groups) {
            try (Stream<Path> below = Files.find(group, 20, (file, attributes) -> file.endsWith("cgroup.procs"))) {
                for (Path file : (Iterable<Path>) below::iterator) {
                    Files.readAllLines(file).forEach(pid -> processes.add(Long.valueOf(pid)));
                }
            } catch (NoSuchFileException | UncheckedIOException e) {
                // A run removes it at this moment.
            }
        }
        return new KilledRuns(folders, groups, processes);
    }

    boolean isEmpty() {
        return folders.isEmpty() && groups.isEmpty();
    }

    /** Separated by blanks. */
    String pids() {
        return processes.stream().map(pid -> "" + pid).collect(Collectors.joining(" "));
    }
}
