package testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import syscalls.Leftovers;
import syscalls.Linux;

/**
 * A host to try a container program on, so that whatever the program does wrong stays there: a PID, a mount and a UTS
 * namespace of its own, its mounts shared as systemd shares them, a root file system of its own, and all of its
 * processes below one cgroup, whose limit even a fork bomb without a limit cannot pass. {@link #close} ends and removes
 * it all; so does the end of this JVM.
 */
public final class Host implements AutoCloseable {
    /** The most processes and threads on the host: enough for several JVMs, and harmless. */
    public static final int PIDS_MAX = 400;

    public static final String NAME = "lab-host";

    private static final Path DIRECTORY = Path.of("/var/tmp");
    private static final String PREFIX = "lab-host-";
    private static Path made;

    private final Program program;
    private final Path directory;
    private final Set<Path> groups = new LinkedHashSet<>();
    private final List<Path> procs = new ArrayList<>();
    private final Process unshare;
    private final Proc init;
    private final Set<ProcessHandle> own;
    private final List<String> mounts;
    private Running sleeping;
    private List<Object> clean;

    /** With no program: for what is typed at {@link #terminal}. */
    public Host() throws IOException {
        this(new Program(List.of()));
    }

    public Host(Program program) throws IOException {
        this.program = program;
        removeLeftovers();
        String name = PREFIX + Leftovers.newId();
        directory = DIRECTORY.resolve(name);
        Leftovers.own(directory);
        Files.setPosixFilePermissions(directory, fromString("rwxr-xr-x"));
        copyRootfs(rootfs());
        Files.writeString(rootfs().resolve("etc").resolve(NAME), "");

        Map<Path, Path> binds = new LinkedHashMap<>();
        for (String controller : List.of("pids", "memory")) {
            Path hierarchy = Linux.cgroupHierarchy(controller);
            Path group = hierarchy.resolve(name);
            if (groups.add(group)) {
                Leftovers.own(group);
                binds.put(hierarchy, group);
                procs.add(hierarchy.resolve("cgroup.procs"));
            }
            if (Files.exists(hierarchy.resolve("cgroup.subtree_control"))) {
                // v2: a group with limits for its children has no processes itself.
                Linux.write(hierarchy.resolve("cgroup.subtree_control"), "+" + controller);
                Linux.write(group.resolve("cgroup.subtree_control"), "+" + controller);
                Files.createDirectories(group.resolve("processes"));
                procs.replaceAll(file -> file.equals(hierarchy.resolve("cgroup.procs"))
                        ? hierarchy.resolve("processes/cgroup.procs")
                        : file);
            }
        }
        Linux.write(Linux.cgroupHierarchy("pids").resolve(name).resolve("pids.max"), PIDS_MAX);

        StringBuilder script =
                new StringBuilder("set -e; mount --make-rshared /; echo " + NAME + " > /proc/sys/kernel/hostname\n");
        // As where /var is a file system of its own: not all that a container mounts is on the mount of /.
        binds.put(directory, directory);
        binds.forEach((place, shown) -> script.append("mount --bind '" + shown + "' '" + place + "'\n"));
        // The shell is PID 1 here: it takes in orphans while it waits, and ends with this JVM's end of the pipe.
        script.append("echo ready; cat > /dev/null");
        unshare = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--propagation",
                        "private",
                        "--uts",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        "sh",
                        "-c",
                        script.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!"ready".equals(unshare.inputReader(UTF_8).readLine())) {
            close();
            throw new IOException("cannot make a host to check on; see ./lab doctor");
        }
        init = new Proc(unshare.children().findFirst().orElseThrow().pid());
        Running.waitUntil("its cat runs", () -> unshare.descendants().count() == 2);
        own = unshare.descendants().collect(Collectors.toSet());
        mounts = init.mounts();
        clean = traces();
    }

    /** A container that runs {@code sleep 1000}, for whoever only looks: it is started once. */
    public Running sleeping() throws IOException {
        if (sleeping == null || !sleeping.isAlive()) {
            Running started = start("sleep", "1000");
            started.command("sleep", "1000");
            sleeping = started;
            clean = traces();
        }
        return sleeping;
    }

    private List<Object> traces() throws IOException {
        String[] containers = directory.resolve("containers").toFile().list();
        return List.of(init.mounts(), Set.copyOf(groups()), containers == null ? Set.of() : Set.of(containers));
    }

    /** The lines of its mountinfo that came since it was made. */
    public List<String> newMounts() {
        List<String> seen = new ArrayList<>(init.mounts());
        seen.removeAll(mounts);
        return seen;
    }

    /** What has become of the guard, if that is worth a word. */
    Optional<String> guard() throws IOException {
        Path guard = Linux.cgroupHierarchy("pids").resolve(directory.getFileName());
        String limit = Files.readString(guard.resolve("pids.max")).strip();
        if (!limit.equals("" + PIDS_MAX)) {
            return Optional.of("the limit of the group above its own has become " + limit);
        }
        for (Path group : List.of(guard, guard.resolve("processes"))) {
            Path events = group.resolve("pids.events");
            if (Files.exists(events) && !Files.readString(events).startsWith("max 0\n")) {
                return Optional.of("it took all of the " + PIDS_MAX
                        + " processes and threads that the guard around this check allows");
            }
        }
        return Optional.empty();
    }

    /** Ends all that runs here but {@link #sleeping}, and says whether no mount, cgroup or container's folder is left. */
    boolean isCleanAgain() throws IOException {
        unshare.descendants().filter(process -> !own.contains(process)).forEach(ProcessHandle::destroyForcibly);
        Running.waitUntil(
                "its processes have ended",
                () -> own.containsAll(unshare.descendants().toList()));
        return traces().equals(clean);
    }

    /** Runs {@code run} with these arguments and waits for its end. */
    public Result run(String... arguments) throws IOException {
        try (Running running = start(arguments)) {
            running.closeInput();
            return running.result();
        }
    }

    /** Starts {@code run} with these arguments. */
    public Running start(String... arguments) throws IOException {
        return start(List.of("run"), arguments);
    }

    /** Starts the program with any arguments. */
    public Running start(List<String> subcommand, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(program.command());
        command.addAll(subcommand);
        command.addAll(List.of(arguments));
        return start(enter(command));
    }

    /** Starts any other command, on this host's side. */
    public Running execute(List<String> command) throws IOException {
        return start(enter(command));
    }

    /** The same on a terminal, as script(1) makes it; what is written to its input is typed there. */
    public Running startOnTerminal(String... arguments) throws IOException {
        return startOnTerminal("exec ", arguments, "");
    }

    /** The same from a shell script, which goes on after it. */
    public Running startOnTerminal(String before, String[] arguments, String after) throws IOException {
        return start(enter(List.of("script", "-q", "-e", "-f", "-c", before + typed(arguments) + after, "/dev/null")));
    }

    /** {@code run} with these arguments, as one types it in a shell. */
    String typed(String... arguments) {
        List<String> command = new ArrayList<>(program.command());
        command.add("run");
        command.addAll(List.of(arguments));
        return command.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    /**
     * Starts a shell script of the host's own on a terminal that echoes what is typed.
     *
     * @param script for sh; it begins in {@link #directory}
     */
    public Running terminal(String script) throws IOException {
        return start(enter(List.of("script", "-q", "-e", "-f", "-E", "always", "-c", script, "/dev/null")));
    }

    /** Runs a shell script of the host's own, and waits for its end. */
    public Result execute(String script) throws IOException {
        try (Running running = start(enter(List.of("sh", "-c", script)))) {
            running.closeInput();
            return running.result();
        }
    }

    /** As a command that moves to this host, and below its guard, first. */
    private List<String> enter(List<String> command) {
        String join =
                "until [ \"$1\" = -- ]; do echo 0 > \"$1\"; shift; done; shift; cd " + directory + "; exec \"$@\"";
        List<String> entering = new ArrayList<>(List.of("nsenter", "--target", "" + init.pid()));
        entering.addAll(List.of("--mount", "--uts", "--pid", "sh", "-c", join, "sh"));
        procs.forEach(file -> entering.add(file.toString()));
        entering.add("--");
        entering.addAll(command);
        return entering;
    }

    private Running start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LAB_HOME", directory.toString());
        builder.environment().put("TERM", "xterm");
        return new Running(builder, init, directory);
    }

    /** The root file system that is the program's default. */
    public Path rootfs() {
        return directory.resolve("rootfs");
    }

    /** A place for more directories; it goes with the host. */
    public Path directory() {
        return directory;
    }

    /** PID 1 of this host: its namespaces are the host's, and so is its view of the mounts. */
    public Proc init() {
        return init;
    }

    /** The host's own host name, as it is now. */
    public String hostname() throws IOException {
        Process nsenter = new ProcessBuilder("nsenter", "--target", "" + init.pid(), "--uts", "uname", "-n").start();
        return nsenter.inputReader(UTF_8).readLine();
    }

    /** The cgroups that guard the host: what is left in them, and is not the host's own, was left behind. */
    public List<Path> groups() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path group : groups) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(group, Files::isDirectory)) {
                children.forEach(child -> {
                    if (!child.endsWith("processes")) {
                        found.add(child);
                    }
                });
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        unshare.destroyForcibly().onExit().join();
        if (init != null) {
            ProcessHandle.of(init.pid()).ifPresent(ProcessHandle::destroyForcibly);
            Running.waitUntil("the host has ended", () -> !init.exists());
        }
        for (Path group : groups) {
            Leftovers.deleteGroup(group);
        }
        Leftovers.deleteTree(directory);
    }

    /** It is made once, in more time than all the rest of a host takes. */
    private static synchronized void copyRootfs(Path rootfs) throws IOException {
        if (made == null) {
            Path once = DIRECTORY.resolve(PREFIX + Leftovers.newId());
            Leftovers.own(once);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Leftovers.removeTree(once)));
            Rootfs.make(once.resolve("rootfs"), Rootfs.Kind.HOST, progress -> {});
            made = once.resolve("rootfs");
        }
        Process copy = new ProcessBuilder("cp", "-a", made.toString(), rootfs.toString()).start();
        if (copy.onExit().join().exitValue() != 0) {
            throw new IOException(
                    "cp -a " + made + ": " + new String(copy.getErrorStream().readAllBytes(), UTF_8));
        }
    }

    /** Of a JVM that was killed. */
    private static void removeLeftovers() throws IOException {
        Leftovers.removeGroups(PREFIX);
        for (Path leftover : Leftovers.leftovers(DIRECTORY, PREFIX)) {
            Leftovers.removeTree(leftover);
        }
    }

    /** What is left of hosts of this JVM, which makes no more: of one that was interrupted while it was made. */
    public static void removeAll() {
        Leftovers.removeOwned();
    }
}
