package testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import syscalls.Leftovers;
import syscalls.Mount;

/** Makes the root file system that containers use. It appears whole or not at all. */
public final class Rootfs {
    public enum Kind {
        /** The host's static busybox; without one, the host's own tools and the libraries that they need. */
        HOST,
        /** A small Debian (or Ubuntu, as the host), by debootstrap: needs root and a network. */
        DEBIAN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** In each root file system made here; it says what made it. */
    public static final Path MARKER = Path.of("etc/lab-rootfs");

    private static final List<String> TOOLS = List.of(
            ("bash sh ls cat ps mount umount hostname id sleep echo env dd rm rmdir mv cp ln mkdir touch head tail grep wc"
                            + " stat kill sed awk readlink true false test [ printf seq sort tr cut tee find df du chmod"
                            + " chown mknod date uname nproc whoami free top stty tty yes xargs sync dmesg ip unshare"
                            + " nsenter pivot_root which basename dirname sha256sum timeout")
                    .split(" "));

    private static final Pattern ABSOLUTE_PATH = Pattern.compile("(?:^|\\s)(/\\S+)(?= \\(0x)");

    private Rootfs() {}

    /**
     * @param directory where; it must not be there yet, or be empty
     * @param progress told what is being done
     */
    public static void make(Path directory, Kind kind, Consumer<String> progress) throws IOException {
        make(directory, kind, false, progress);
    }

    /** @param replace whether to put it in the place of one that was made here; anything else is left alone */
    public static void make(Path directory, Kind kind, boolean replace, Consumer<String> progress) throws IOException {
        Path target = resolveLinks(directory.toAbsolutePath().normalize());
        refuseToOverwrite(target, replace);
        Files.createDirectories(target.getParent());
        removeLeftovers(target);

        Path building = temporary(target, "new");
        Thread onInterrupt = new Thread(() -> {
            endChildren();
            deleteQuietly(building);
        });
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        boolean made = false;
        try {
            Leftovers.own(building);
            String maker = kind == Kind.DEBIAN ? fromDebootstrap(building, progress) : fromHost(building, progress);
            complete(building, kind, maker);
            refuseToOverwrite(target, replace); // it took a while
            Path old = temporary(target, "old");
            if (Files.exists(target, NOFOLLOW_LINKS)) {
                Files.move(target, old);
            }
            Files.move(building, target);
            made = true;
            if (Files.exists(old)) {
                deleteTree(old);
            }
        } finally {
            removeShutdownHook(onInterrupt);
            if (!made) {
                deleteTree(building);
            }
        }
    }

    private static void removeShutdownHook(Thread hook) throws InterruptedIOException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            throw new InterruptedIOException("interrupted; nothing is left behind"); // the hook sees to that
        }
    }

    private static void endChildren() {
        List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
        children.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle child : children) {
            child.onExit().completeOnTimeout(child, 5, TimeUnit.SECONDS).join(); // till then it may write
        }
    }

    private static Path resolveLinks(Path path) throws IOException {
        if (Files.exists(path)) {
            return path.toRealPath();
        }
        return path.getParent() == null ? path : resolveLinks(path.getParent()).resolve(path.getFileName());
    }

    private static void refuseToOverwrite(Path target, boolean replace) throws IOException {
        if (!Files.exists(target, NOFOLLOW_LINKS) || isEmptyDirectory(target)) {
            return;
        }
        if (!Files.isRegularFile(target.resolve(MARKER), NOFOLLOW_LINKS)) {
            throw new IOException(
                    target + " is there and was not made by the lab: remove it yourself, or choose another with --dir");
        }
        if (!replace) {
            throw new IOException(target + " is there already: --force replaces it");
        }
        List<Long> users = users(target);
        if (!users.isEmpty()) {
            throw new IOException(target + " is in use, by the containers of " + users + ": end them first");
        }
        refuseIfMounted(target);
    }

    /** The processes whose root it is, or lies in it, or is an overlay on it. */
    private static List<Long> users(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(process -> uses(new Proc(process.pid()), directory))
                .map(ProcessHandle::pid)
                .sorted()
                .toList();
    }

    private static boolean uses(Proc process, Path directory) {
        try {
            return Files.isSameFile(process.root(), directory) // in another mount namespace its name may be another's
                    || Files.readSymbolicLink(process.root()).startsWith(directory)
                    || process.mountTable().stream()
                            .flatMap(mount -> mount.lowerLayers().stream())
                            .anyMatch(directory::equals);
        } catch (IOException | UncheckedIOException e) {
            return false; // it has ended meanwhile, or is another user's
        }
    }

    private static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path, NOFOLLOW_LINKS)) {
            return false;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            return !entries.iterator().hasNext();
        }
    }

    private static void refuseIfMounted(Path directory) throws IOException {
        for (Mount mount : Mount.below(directory, Mount.all())) {
            throw new IOException("something is mounted on " + mount.point()
                    + ": end the container that uses it, or: sudo umount " + mount.point());
        }
    }

    private static Path temporary(Path target, String what) {
        return target.resolveSibling("." + target.getFileName() + "." + what + "-" + Leftovers.newId());
    }

    /** Of builds that were killed. */
    private static void removeLeftovers(Path target) throws IOException {
        for (String what : List.of("new-", "old-")) {
            for (Path leftover : Leftovers.leftovers(target.getParent(), "." + target.getFileName() + "." + what)) {
                Leftovers.removeTree(leftover);
            }
        }
    }

    private static String fromHost(Path root, Consumer<String> progress) throws IOException {
        Optional<Path> busybox = staticBusybox();
        if (busybox.isPresent()) {
            progress.accept("from the host's static " + busybox.get());
            return fromBusybox(root, busybox.get());
        }
        progress.accept("from the host's own tools (there is no static busybox)");
        return fromTools(root);
    }

    private static Optional<Path> staticBusybox() throws IOException {
        Optional<Path> busybox = onPath("busybox");
        return busybox.isPresent() && libraries(busybox.get()).isEmpty() ? busybox : Optional.empty();
    }

    public static boolean hasStaticBusybox() throws IOException {
        return staticBusybox().isPresent();
    }

    static String fromBusybox(Path root, Path busybox) throws IOException {
        Path copy = root.resolve("bin/busybox");
        Files.createDirectories(copy.getParent());
        Files.copy(busybox.toRealPath(), copy, COPY_ATTRIBUTES);
        List<String> applets =
                List.of(output(List.of(busybox.toString(), "--list-full")).split("\n"));
        for (String applet : applets) {
            Path link = root.resolve(applet);
            Files.createDirectories(link.getParent());
            if (!Files.exists(link, NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, link.getParent().relativize(copy));
            }
        }
        Optional<Path> bash = onPath("bash");
        if (bash.isPresent()) {
            copyProgram(root, bash.get(), "bash");
        }
        return "busybox " + busybox;
    }

    static String fromTools(Path root) throws IOException {
        for (String tool : TOOLS) {
            Optional<Path> program = tool.equals("sh") ? onPath("bash").or(() -> onPath("sh")) : onPath(tool);
            if (program.isPresent()) {
                copyProgram(root, program.get(), tool);
            }
        }
        return "the host's tools";
    }

    private static void copyProgram(Path root, Path program, String name) throws IOException {
        Path copy = root.resolve("bin").resolve(name);
        Files.createDirectories(copy.getParent());
        Files.copy(program.toRealPath(), copy, REPLACE_EXISTING);
        Files.setPosixFilePermissions(copy, fromString("rwxr-xr-x")); // no set-user-ID: mount has it
        for (Path library : libraries(program)) {
            Path there = root.resolve(library.toString().substring(1));
            if (!Files.exists(there)) {
                Files.createDirectories(there.getParent());
                Files.copy(library.toRealPath(), there, COPY_ATTRIBUTES);
            }
        }
    }

    /** The libraries that a program is linked with, the loader among them; none if it is linked statically. */
    private static Set<Path> libraries(Path program) throws IOException {
        Process ldd = start(List.of("ldd", program.toString()), Map.of("LC_ALL", "C"), "LD_LIBRARY_PATH", "LD_PRELOAD");
        Set<Path> libraries = new LinkedHashSet<>();
        try (BufferedReader lines = ldd.inputReader(UTF_8)) {
            lines.lines()
                    .flatMap(line -> ABSOLUTE_PATH.matcher(line).results())
                    .map((MatchResult path) -> Path.of(path.group(1)))
                    .forEach(libraries::add);
        }
        waitFor(ldd); // not checked: ldd fails for a static program
        return libraries;
    }

    private static String fromDebootstrap(Path root, Consumer<String> progress) throws IOException {
        if (onPath("debootstrap").isEmpty()) {
            throw new IOException("a Debian root file system is made by debootstrap, which is not installed:"
                    + " sudo apt install debootstrap");
        }
        Map<String, String> host = osRelease();
        boolean debian = host.getOrDefault("ID", "").equals("debian")
                || host.getOrDefault("ID_LIKE", "").contains("debian");
        String suite = debian
                ? host.getOrDefault("UBUNTU_CODENAME", host.getOrDefault("VERSION_CODENAME", "stable"))
                : "stable";
        // Of its own mount and PID namespace, so that all that it mounts and starts ends with it.
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork", "--kill-child"));
        command.addAll(List.of("--mount-proc", "debootstrap", "--variant=minbase", "--include=procps", suite));
        command.add(root.toString());
        mirror(suite).ifPresent(command::add);
        progress.accept(String.join(" ", command.subList(command.indexOf("debootstrap"), command.size())));

        Process debootstrap = start(command, Map.of("LC_ALL", "C", "DEBIAN_FRONTEND", "noninteractive"));
        String last = "";
        try (BufferedReader lines = debootstrap.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                progress.accept(line);
                last = line;
            }
        }
        int status = waitFor(debootstrap);
        if (status != 0) {
            throw new IOException("debootstrap failed (" + status + "): " + last);
        }
        try (DirectoryStream<Path> archives =
                Files.newDirectoryStream(root.resolve("var/cache/apt/archives"), "*.deb")) {
            for (Path archive : archives) {
                Files.delete(archive);
            }
        }
        return "debootstrap " + suite;
    }

    /** Where the host itself has its packages from. */
    private static Optional<String> mirror(String suite) {
        try {
            return output(List.of(
                            "apt-get",
                            "indextargets",
                            "--format",
                            "$(REPO_URI)",
                            "Created-By: Packages",
                            "Component: main",
                            "Codename: " + suite))
                    .lines()
                    .filter(uri -> uri.startsWith("http"))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> osRelease() throws IOException {
        Map<String, String> values = new HashMap<>();
        for (String line : Files.readAllLines(Path.of("/etc/os-release"))) {
            String[] pair = line.split("=", 2);
            values.put(pair[0], pair.length == 2 ? pair[1].replace("\"", "") : "");
        }
        return values;
    }

    /** What every root file system has, whatever its programs come from. */
    private static void complete(Path root, Kind kind, String maker) throws IOException {
        for (String directory :
                "bin dev etc home mnt opt proc root run sbin sys tmp usr/bin usr/local/bin usr/local/sbin usr/sbin var/log var/tmp"
                        .split(" ")) {
            Files.createDirectories(root.resolve(directory));
        }
        writeIfMissing(
                root.resolve("etc/passwd"),
                "root:x:0:0:root:/root:/bin/sh\n" + "nobody:x:65534:65534:nobody:/:/bin/false\n");
        writeIfMissing(root.resolve("etc/group"), "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n");
        writeIfMissing(root.resolve("etc/hosts"), "127.0.0.1\tlocalhost\n::1\tlocalhost\n");
        writeIfMissing(root.resolve("etc/profile"), "export PS1='\\u@\\h:\\w\\$ '\n");
        Files.writeString(root.resolve(MARKER), "made by: ./lab rootfs, from " + maker + "\n");
        if (kind == Kind.HOST) { // debootstrap sets a umask of its own
            run(List.of("chmod", "-R", "a+rX,go-w", root.toString())); // whatever the umask
        }
        Files.setPosixFilePermissions(root.resolve("root"), fromString("rwx------"));
        for (String directory : List.of("tmp", "var/tmp")) {
            run(List.of("chmod", "1777", root.resolve(directory).toString()));
        }
        Files.setPosixFilePermissions(root, fromString("rwxr-xr-x"));
        devices(root.resolve("dev"));
    }

    private static void writeIfMissing(Path file, String content) throws IOException {
        if (!Files.exists(file, NOFOLLOW_LINKS)) {
            Files.writeString(file, content);
        }
    }

    private static void devices(Path dev) throws IOException {
        boolean root = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        String nodes = "null 1 3 zero 1 5 full 1 7 random 1 8 urandom 1 9 tty 5 0";
        String[] words = nodes.split(" ");
        for (int i = 0; root && i < words.length; i += 3) {
            Path node = dev.resolve(words[i]);
            if (!Files.exists(node)) {
                run(List.of("mknod", "-m", "666", node.toString(), "c", words[i + 1], words[i + 2]));
            }
        }
        Map<String, String> links =
                Map.of("fd", "../proc/self/fd", "stdin", "fd/0", "stdout", "fd/1", "stderr", "fd/2");
        for (Map.Entry<String, String> link : links.entrySet()) {
            if (!Files.exists(dev.resolve(link.getKey()), NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(dev.resolve(link.getKey()), Path.of(link.getValue()));
            }
        }
    }

    /** A program by its name; also where an ordinary user's PATH does not look. */
    public static Optional<Path> onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin";
        return Arrays.stream(path.split(":"))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> Path.of(directory, program))
                .filter(file -> Files.isExecutable(file) && Files.isRegularFile(file))
                .findFirst();
    }

    private static Process start(List<String> command, Map<String, String> environment, String... without)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().keySet().removeAll(List.of(without));
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private static int waitFor(Process process) throws InterruptedIOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private static String output(List<String> command) throws IOException {
        Process process = start(command, Map.of("LC_ALL", "C"));
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        int status = waitFor(process);
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " failed (" + status + "): " + output.strip());
        }
        return output;
    }

    private static void run(List<String> command) throws IOException {
        output(command);
    }

    private static void deleteQuietly(Path directory) {
        try {
            deleteTree(directory);
        } catch (IOException | UncheckedIOException e) {
            // The next build removes it.
        }
    }

    /** Never through a mount, and following no symbolic link. */
    private static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory, NOFOLLOW_LINKS)) {
            return;
        }
        refuseIfMounted(directory);
        Leftovers.deleteTree(directory);
    }
}
