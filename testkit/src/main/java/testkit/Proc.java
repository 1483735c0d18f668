package testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import syscalls.Linux;
import syscalls.Mount;

/** What the kernel says of a process, read on the host: proc(5). */
public record Proc(long pid) {
    private Path file(String name) {
        return Path.of("/proc", "" + pid, name);
    }

    private String read(String name) {
        try {
            return Files.readString(file(name), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String link(String name) {
        try {
            return Files.readSymbolicLink(file(name)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> strings(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\0", -1)).subList(0, text.split("\0", -1).length - 1);
    }

    /** Whether it runs; a zombie does not. */
    public boolean exists() {
        try {
            return Files.exists(file("status")) && !status("State").startsWith("Z");
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** A namespace by its inode, as in {@code uts:[4026531838]}; {@code type} is a file name in /proc/PID/ns. */
    public String namespace(String type) {
        return link("ns/" + type);
    }

    /** A field of /proc/PID/status. */
    public String status(String field) {
        return read("status")
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).trim())
                .findFirst()
                .orElseThrow();
    }

    /** Its PID in the innermost PID namespace that it is in. */
    public int pidInside() {
        String[] pids = status("NSpid").split("\\s+");
        return Integer.parseInt(pids[pids.length - 1]);
    }

    public List<String> cmdline() {
        return strings(read("cmdline"));
    }

    public List<String> environ() {
        return strings(read("environ"));
    }

    /** Its root directory, as a path that the host can follow. */
    public Path root() {
        return file("root");
    }

    /** Its working directory, likewise. */
    public Path cwd() {
        return file("cwd");
    }

    /** The lines of its mountinfo. */
    public List<String> mounts() {
        return List.of(read("mountinfo").split("\n")); // a carriage return in a name is no end of a line
    }

    /** What it sees mounted, in the order of mounting. */
    public List<Mount> mountTable() {
        return Mount.parse(read("mountinfo").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The terminal or file behind a descriptor. */
    public Path descriptor(int fd) {
        return Path.of(link("fd/" + fd));
    }

    /** Its cgroup for a controller, as a directory on the host. */
    public Path cgroup(String controller) throws IOException {
        Path hierarchy = Linux.cgroupHierarchy(controller);
        boolean v2 = Files.exists(hierarchy.resolve("cgroup.controllers"));
        for (String line : read("cgroup").lines().toList()) {
            String[] fields = line.split(":", 3);
            if (v2 ? fields[0].equals("0") : Arrays.asList(fields[1].split(",")).contains(controller)) {
                return hierarchy.resolve(fields[2].substring(1));
            }
        }
        throw new IOException("no " + controller + " in /proc/" + pid + "/cgroup");
    }

    /** Its children, theirs, and so on. */
    public Stream<Proc> descendants() {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(p -> new Proc(p.pid()));
    }
}
