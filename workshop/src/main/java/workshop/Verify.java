package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import syscalls.Leftovers;
import syscalls.Linux;
import syscalls.Mount;
import testkit.CheckFailure;
import testkit.CheckRun;
import testkit.Checks;
import testkit.Program;
import testkit.Running;
import workshop.transcript.Recorder;
import workshop.transcript.Transcript;
import workshop.transcript.Transcripts;

/** {@code verify}: all that the workshop promises, tried on this machine. */
@Command(
        name = "verify",
        description = "The night before: try everything, for every step, on this machine; some minutes.",
        footer = {"", "Exit code: 0 if the last line says READY, else 1."})
final class Verify implements Callable<Integer> {

    private static final String DOCTOR = "doctor";
    private static final String NO_STEP = "others";
    private static final String RUN = "run";
    private static final String EXIT_CODES = "exit codes";
    private static final String CHECKS = "checks";
    private static final String TRANSCRIPTS = "transcripts";
    private static final String CLEAN_UP = "clean-up";
    private static final List<String> COLUMNS = List.of(RUN, EXIT_CODES, CHECKS, TRANSCRIPTS, CLEAN_UP);

    @Spec
    CommandSpec spec;

    @Option(names = "--step", paramLabel = "N", description = "Only this step; may be repeated (default: all).")
    List<Integer> steps = new ArrayList<>();

    @Option(names = "--report", paramLabel = "FILE", description = "Write it all to FILE.html or FILE.json, too.")
    Path report;

    @Option(
            names = "--patience",
            paramLabel = "TIMES",
            description = "Wait that many times longer than usual (default: ${DEFAULT-VALUE}).",
            defaultValue = "${env:LAB_PATIENCE:-1}")
    int patience;

    /**
     * @param row a step, or what is tried beside them
     * @param detail why it failed; what was seen if it did not
     */
    record Trial(String row, String column, String name, boolean passed, String detail, double seconds) {}

    @FunctionalInterface
    private interface Body {
        String run() throws IOException, InterruptedException;
    }

    private final List<Trial> trials = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        if (report != null && !report.toString().matches(".*\\.(html|json)")) {
            throw new ParameterException(
                    spec.commandLine(), "--report " + report + ": its name must end in .html or .json");
        }
        for (int step : steps) {
            Steps.jar(step);
        }
        Running.setLimit(Running.LIMIT * patience);
        Instant start = Instant.now();
        Map<String, String> machine = machine();
        machine.forEach((what, which) -> System.out.printf(Locale.ROOT, "%-10s %s%n", what, which));
        System.out.println();

        for (Finding finding : Doctor.findings()) {
            String detail = finding.found() + (finding.mend().isEmpty() ? "" : " -> " + finding.mend());
            trials.add(
                    new Trial(DOCTOR, DOCTOR, finding.what(), finding.verdict() != Finding.Verdict.NOT_OK, detail, 0));
        }
        long sick = count(DOCTOR, DOCTOR, false);
        System.out.println("doctor     " + (sick == 0 ? mark(true) : mark(false) + " " + sick + " to be mended"));
        System.out.printf(
                Locale.ROOT,
                "%n%-10s%s%8s%n",
                "",
                COLUMNS.stream()
                        .map(column -> String.format(Locale.ROOT, "%13s", column))
                        .collect(Collectors.joining()),
                "time");
        for (int step : steps.isEmpty() ? Steps.all() : steps) {
            verify(step);
        }
        if (steps.isEmpty()) {
            tryTranscripts(NO_STEP, "");
            printRow(NO_STEP);
        }
        long minutes = Math.max(1, Math.round(start.until(Instant.now(), ChronoUnit.SECONDS) / 60.0));
        return conclude(machine, minutes);
    }

    private void verify(int step) throws IOException {
        String row = "step " + step;
        TreeSet<String> before = traces();
        // For real, on this machine; the checks and transcripts have a host of their own.
        attempt(row, RUN, "output", () -> expect(step, 0, "hello", "sh", "-c", "echo hello"));
        attempt(row, EXIT_CODES, "the command's own", () -> expect(step, 7, "", "sh", "-c", "exit 7"));
        attempt(row, EXIT_CODES, "killed", () -> expect(step, 137, "", "sh", "-c", "sh -c 'kill -9 $$'; exit $?"));
        attempt(row, EXIT_CODES, "no such command", () -> expect(step, 127, "", "no-such-command"));
        try (CheckRun run = new CheckRun(Program.ofJar(Steps.jar(step)))) {
            for (testkit.Check check : Checks.upTo(step)) {
                attempt(row, CHECKS, check.name(), () -> {
                    try {
                        return run.run(check);
                    } catch (CheckFailure e) {
                        throw new IOException(e.getMessage() + "; likely missing: " + check.missing(), e);
                    }
                });
            }
        }
        tryTranscripts(row, "" + step);
        attempt(row, CLEAN_UP, "mounts, cgroups, folders", () -> {
            TreeSet<String> left = traces();
            left.removeAll(before);
            if (!left.isEmpty()) {
                throw new IOException("left behind: " + String.join(", ", left));
            }
            return "nothing is left";
        });
        printRow(row);
    }

    private void tryTranscripts(String row, String step) throws IOException {
        Transcripts all = new Transcripts(Lab.checkout());
        for (String name : all.names()) {
            Transcript kept = all.read(name);
            if (!kept.attributes().getOrDefault("step", "").equals(step) || !Record.canShow(kept)) {
                continue;
            }
            attempt(row, TRANSCRIPTS, name, () -> {
                String diff = Record.diff(kept, Recorder.record(kept, Lab.checkout(), patience));
                if (!diff.isEmpty()) {
                    throw new IOException("a terminal shows something else now:\n" + diff);
                }
                return "as in the book";
            });
        }
    }

    private void attempt(String row, String column, String name, Body body) throws IOException {
        if (System.console() != null) {
            System.out.printf(Locale.ROOT, "%s: %s ...\033[K\r", row, name);
            System.out.flush();
        }
        long start = System.nanoTime();
        boolean passed = false;
        String detail;
        try {
            detail = body.run();
            passed = true;
        } catch (IOException | RuntimeException | CheckFailure e) {
            detail = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        trials.add(new Trial(row, column, name, passed, detail, (System.nanoTime() - start) / 1e9));
    }

    private String expect(int step, int status, String output, String... command)
            throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of(Lab.checkout().resolve("lab").toString(), "run", "" + step));
        line.addAll(List.of(command));
        Process process = new ProcessBuilder(line)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        int limit = Running.LIMIT * patience;
        if (!process.waitFor(limit, TimeUnit.SECONDS)) {
            process.destroy(); // run takes the container with it
            throw new IOException(String.join(" ", line) + ": still running after " + limit + " s");
        }
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        String said = new String(process.getErrorStream().readAllBytes(), UTF_8).strip();
        if (process.exitValue() != status || !printed.equals(output)) {
            throw new IOException(String.join(" ", line) + ": exit status " + process.exitValue() + " and output '"
                    + printed + "', expected " + status + " and '" + output + "'; it said: "
                    + said.substring(said.lastIndexOf('\n') + 1));
        }
        return "exit status " + status;
    }

    /** What a container could leave behind on this machine. */
    private static TreeSet<String> traces() throws IOException {
        TreeSet<String> traces = new TreeSet<>();
        Mount.below(Lab.home(), Mount.all()).forEach(mount -> traces.add("mount on " + mount.point()));
        for (String controller : List.of("pids", "memory")) {
            Path hierarchy;
            try {
                hierarchy = Linux.cgroupHierarchy(controller);
            } catch (IOException e) {
                continue; // the doctor says so; and no step can make a group there
            }
            for (String prefix : List.of("container-", "lab-host-")) { // those that others own are in use
                Leftovers.unowned(hierarchy, prefix).forEach(group -> traces.add(group.toString()));
            }
            Leftovers.owned().stream()
                    .filter(group -> group.startsWith(hierarchy))
                    .forEach(group -> traces.add(group.toString()));
        }
        Path containers = Lab.home().resolve("containers");
        if (Files.isDirectory(containers)) {
            Leftovers.unowned(containers, "").forEach(folder -> traces.add(folder.toString()));
        }
        return traces;
    }

    private static Map<String, String> machine() throws IOException {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("system", firstLine("sh", "-c", ". /etc/os-release; echo \"$PRETTY_NAME\""));
        machine.put("kernel", System.getProperty("os.version") + " " + System.getProperty("os.arch"));
        machine.put("cgroups", Record.kind());
        machine.put(
                "systemd",
                Files.isDirectory(Path.of("/run/systemd/system")) ? firstLine("systemctl", "--version") : "none");
        machine.put("JDK", Runtime.version().toString());
        return machine;
    }

    private static String firstLine(String... command) throws IOException {
        String line = new ProcessBuilder(command).start().inputReader().readLine();
        return line == null ? "unknown" : line;
    }

    private long count(String row, String column, boolean passed) {
        return trials.stream()
                .filter(trial -> trial.row().equals(row) && trial.column().equals(column) && trial.passed() == passed)
                .count();
    }

    private static String mark(boolean passed) {
        return Ansi.AUTO.string(passed ? "@|green ok|@" : "@|bold,red NOT OK|@");
    }

    private String cell(String row, String column) {
        long passed = count(row, column, true);
        long all = passed + count(row, column, false);
        return all == 0 ? "-" : passed + " of " + all;
    }

    private void printRow(String row) {
        double seconds = trials.stream()
                .filter(trial -> trial.row().equals(row))
                .mapToDouble(Trial::seconds)
                .sum();
        System.out.printf(Locale.ROOT, "%-10s", row);
        for (String column : COLUMNS) {
            String cell = String.format(Locale.ROOT, "%13s", cell(row, column));
            System.out.print(count(row, column, false) == 0 ? cell : Ansi.AUTO.string("@|bold,red " + cell + "|@"));
        }
        System.out.printf(Locale.ROOT, "%6.0f s%s%n", seconds, System.console() == null ? "" : "\033[K");
    }

    private int conclude(Map<String, String> machine, long minutes) throws IOException {
        List<Trial> failed = trials.stream().filter(trial -> !trial.passed()).toList();
        System.out.println();
        for (Trial trial : failed) {
            System.out.println(mark(false) + "  " + trial.row() + ", " + trial.column() + ", " + trial.name() + ": "
                    + trial.detail());
        }
        String conclusion = failed.isEmpty()
                ? "READY: all " + trials.size() + " trials passed, in " + minutes + " min."
                : "NOT READY: " + failed.size() + " of " + trials.size() + " trials failed.";
        if (report != null) {
            VerifyReport.write(report, conclusion, machine, trials);
            System.out.println("Report: " + report);
        }
        System.out.println(conclusion);
        return failed.isEmpty() ? 0 : 1;
    }
}
