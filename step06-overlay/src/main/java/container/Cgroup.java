package container;

import static syscalls.Leftovers.*;
import static syscalls.Linux.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The container's control group: one directory on cgroup v2, on v1 one for each controller (cgroups(7)). */
final class Cgroup implements AutoCloseable {
    private final Set<Path> groups = new LinkedHashSet<>();

    Cgroup() throws IOException {
        removeGroups("container-"); // of runs that were killed
    }

    /** @param limit the most processes and threads there may be at once */
    void limitPids(int limit) throws IOException {
        write(group("pids").resolve("pids.max"), limit);
    }

    /** @param limit in bytes, with no swap beside them */
    void limitMemory(long limit) throws IOException {
        Path group = group("memory");
        if (Files.exists(group.resolve("memory.max"))) {
            write(group.resolve("memory.max"), limit);
            writeIfExists(group.resolve("memory.swap.max"), 0);
        } else {
            write(group.resolve("memory.limit_in_bytes"), limit);
            writeIfExists(group.resolve("memory.memsw.limit_in_bytes"), limit); // memory and swap together
        }
    }

    private Path group(String controller) throws IOException {
        Path hierarchy = cgroupHierarchy(controller);
        boolean v2 = Files.exists(hierarchy.resolve("cgroup.subtree_control"));
        writeIfExists(hierarchy.resolve("cgroup.subtree_control"), "+" + controller);
        // At the top, to keep it simple: on v2 that is systemd's, which may take the controller away again.
        Path group = hierarchy.resolve("container-" + RUN_ID);
        if (groups.add(group)) {
            own(group);
            System.err.println("Limits in " + group + " (cgroup " + (v2 ? "v2)" : "v1)"));
        }
        return group;
    }

    /** The files through which `child` joins. */
    List<Path> procs() {
        return groups.stream().map(group -> group.resolve("cgroup.procs")).toList();
    }

    @Override
    public void close() {
        for (Path group : groups) {
            removeGroup(group);
        }
    }
}
