package workshop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import testkit.CheckFailure;
import testkit.Proc;
import testkit.Running;

/**
 * The containers that run. One is known by its {@code run}: a process {@code java … -jar JAR run …} whose JAR is in this
 * checkout, be it a step's or an attendee's own. The container's first process is the child of {@code run}, once it has
 * become the command.
 */
final class Containers {
    private static final Pattern STEP = Pattern.compile("step0?(\\d+)-.*\\.jar");

    private Containers() {}

    /** The first process of the newest container. */
    static Optional<Proc> newest() {
        return ProcessHandle.allProcesses()
                .filter(Containers::isRun)
                .sorted(Comparator.comparing(Containers::start).reversed())
                .flatMap(run -> first(run).stream())
                .findFirst();
    }

    /** The process itself; or, of a {@code run}, or of the sudo before one, the container's first process. */
    static Proc of(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        while (process != null && isSudo(process)) {
            process = process.children().findFirst().orElse(null);
        }
        return process != null && isRun(process)
                ? first(process).orElseThrow(() -> new IllegalStateException("the container of " + pid + " has ended"))
                : new Proc(pid);
    }

    /** How the user started the container that a process is in, as far as a step did. */
    static Optional<String> runOf(Proc proc) {
        return Stream.iterate(
                        ProcessHandle.of(proc.pid()),
                        Optional::isPresent,
                        process -> process.flatMap(ProcessHandle::parent))
                .flatMap(Optional::stream)
                .filter(Containers::isRun)
                .findFirst()
                .flatMap(Containers::asTyped);
    }

    private static Optional<String> asTyped(ProcessHandle run) {
        List<String> words = new Proc(run.pid()).cmdline();
        int jar = words.indexOf("-jar") + 1;
        Matcher step = STEP.matcher(Path.of(words.get(jar)).getFileName().toString());
        return step.matches()
                ? Optional.of("./lab run " + step.group(1) + " " + quoted(words.subList(jar + 2, words.size())))
                : Optional.empty();
    }

    /** As one would type it in a shell. */
    static String quoted(List<String> words) {
        return words.stream()
                .map(word -> word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    private static boolean isRun(ProcessHandle process) {
        Proc proc = new Proc(process.pid());
        try {
            List<String> words = proc.cmdline();
            int jar = words.indexOf("-jar") + 1;
            return jar > 0
                    && jar + 2 < words.size()
                    && words.get(jar + 1).equals("run")
                    && Files.readSymbolicLink(proc.cwd())
                            .resolve(words.get(jar))
                            .toRealPath()
                            .startsWith(Lab.checkout().toRealPath())
                    // Between fork and exec a child still has its parent's command line.
                    && process.parent()
                            .filter(parent -> new Proc(parent.pid()).cmdline().equals(words))
                            .isEmpty();
        } catch (IOException | RuntimeException e) {
            return false; // it has ended meanwhile, or is another user's
        }
    }

    private static boolean isSudo(ProcessHandle process) {
        try {
            List<String> words = new Proc(process.pid()).cmdline();
            return !words.isEmpty() && Path.of(words.get(0)).endsWith("sudo");
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static Instant start(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.MIN);
    }

    /** Waits while it starts. */
    private static Optional<Proc> first(ProcessHandle run) {
        try {
            Running.waitUntil(
                    "the container of process " + run.pid() + " has started",
                    () -> !run.isAlive() || child(run).isPresent());
        } catch (CheckFailure e) {
            throw new NoSuchElementException(e.getMessage(), e);
        }
        return child(run);
    }

    private static Optional<Proc> child(ProcessHandle run) {
        return run.children()
                .map(child -> new Proc(child.pid()))
                .filter(child -> child.exists() && !isStarting(child, new Proc(run.pid())))
                .findFirst();
    }

    private static boolean isStarting(Proc child, Proc run) {
        List<String> words = child.cmdline();
        return words.isEmpty()
                || words.equals(run.cmdline())
                || words.get(0).equals("/proc/self/exe") && words.contains("container.Child");
    }
}
