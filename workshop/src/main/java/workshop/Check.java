package workshop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import testkit.CheckFailure;
import testkit.CheckRun;
import testkit.Checks;
import testkit.Hang;
import testkit.Host;
import testkit.Program;
import testkit.Running;
import workshop.code.NotThere;

@Command(
        name = "check",
        description = "See whether a step's container isolates what it should: the kernel's evidence, one line each.",
        footer = {
            "",
            "What you write (./lab start) is checked if it is at that step, else the step's solution; the first line"
                    + " says which."
        })
final class Check implements Callable<Integer> {
    /** Nothing of an attendee's takes longer, unless it hangs: seconds. */
    private static final int LIMIT = 10;

    /** Of what a program says. */
    private static final int MOST_LINES = 10;

    private static final String INDENT = "         ";

    @Spec
    CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "STEP",
            description = "The step, by its number (default: the one that my-container is at).")
    Integer step;

    @Option(names = "--mine", description = "Check my-container, whatever step it is at.")
    boolean mine;

    @Option(names = "--solution", description = "Check the step's solution.")
    boolean solution;

    @Option(names = "--against", paramLabel = "JAR", description = "Check this program instead of the step's own.")
    Path against;

    @Option(names = "--only", paramLabel = "NAME", description = "Only the check of this name; may be repeated.")
    List<String> only = new ArrayList<>();

    @Option(names = "--watch", description = "Check my-container again whenever it is saved, until Ctrl-C.")
    boolean watch;

    @Option(
            names = "--share",
            paramLabel = "DIR",
            description = "Tell the instructor how my-container does: a line for each check goes into a file of this"
                    + " folder, under the name in LAB_NAME, else yours (default: LAB_SHARE, if that is set).",
            defaultValue = "${env:LAB_SHARE}")
    Path share;

    @Option(
            names = "--patience",
            paramLabel = "TIMES",
            description = "Wait that many times longer than usual (default: ${DEFAULT-VALUE}).",
            defaultValue = "${env:LAB_PATIENCE:-1}")
    int patience;

    private final MyContainer container = new MyContainer(Lab.checkout());
    private volatile CheckRun run;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (step == null) {
            if (!container.exists()) {
                throw new ParameterException(
                        spec.commandLine(), "check which step? ./lab start makes a container of your own to check");
            }
            step = container.step();
        }
        Steps.jar(step);
        if (watch && (solution || against != null)) {
            throw new ParameterException(spec.commandLine(), "--watch is for what you write: my-container");
        }
        if (share != null && mine && !Files.isDirectory(share)) {
            throw new IOException(share + ": no such folder, so nobody can be told; --share, or LAB_SHARE, names one");
        }
        for (String name : only) {
            if (Checks.upTo(step).stream().noneMatch(check -> check.name().equals(name))) {
                throw new NotThere("there is no check " + name + " in step " + step + "; there are: "
                        + String.join(
                                ", ",
                                Checks.upTo(step).stream()
                                        .map(testkit.Check::name)
                                        .toList()));
            }
        }
        Running.setLimit((mine ? LIMIT : Running.LIMIT) * patience);
        Runtime.getRuntime().addShutdownHook(new Thread(this::endAll));
        return watch ? watch() : check() ? 0 : 1;
    }

    /** After Ctrl-C, the checks' programs get it too; what they make of it is of no interest any more. */
    private void endAll() {
        System.out.close();
        System.err.close();
        try {
            if (run != null) {
                run.close();
            }
            Host.removeAll();
        } catch (IOException | RuntimeException e) {
            // The next check removes it.
        }
    }

    private Path program() throws IOException {
        Path jar = mine ? container.folder().resolve("target/" + MyContainer.NAME + ".jar") : against;
        if (jar == null) {
            jar = Steps.jar(step);
        }
        if (!Files.isRegularFile(jar)) {
            throw new IOException(jar + ": no such program");
        }
        return jar;
    }

    private String title(Path jar) throws IOException {
        String at = container.exists() ? ", which is at step " + container.step() : "";
        if (mine) {
            return "Checking " + MyContainer.NAME + at + ", for step " + step;
        }
        String name = against == null ? "the solution of step " + step : jar + " for step " + step;
        return "Checking " + name + (at.isEmpty() ? "" : " (--mine checks " + MyContainer.NAME + at + ")");
    }

    /** Whether all have passed. */
    private boolean check() throws IOException {
        Path jar = program();
        System.out.println(title(jar));
        List<testkit.Check> checks = Checks.upTo(step).stream()
                .filter(check -> only.isEmpty() || only.contains(check.name()))
                .toList();
        testkit.Check failed = null;
        int passed = 0;
        int tried = 0;
        try (CheckRun started = new CheckRun(Program.ofJar(jar))) {
            run = started;
            boolean hangs = false;
            for (testkit.Check check : checks) {
                if (hangs) {
                    break;
                }
                tried++;
                try {
                    String evidence = started.run(check);
                    passed++;
                    print("@|green ok    |@", check, check.promise());
                    if (!mine) {
                        System.out.println(INDENT + evidence);
                    }
                } catch (CheckFailure e) {
                    hangs = mine && e instanceof Hang;
                    if (failed == null || hangs) {
                        print("@|bold,red NOT OK|@", check, check.promise());
                        explain(check, e.getMessage());
                    } else {
                        print("@|bold,red NOT OK|@", check, e.getMessage().replaceFirst("(?s)\n.*", ""));
                    }
                    failed = failed == null ? check : failed;
                }
            }
        }
        conclude(checks, passed, tried);
        if (mine && only.isEmpty()) {
            CheckResult result = new CheckResult(
                    step,
                    passed,
                    checks.size(),
                    failed == null ? null : failed.name(),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS));
            result.keep(container);
            if (share != null) {
                result.share(share);
            }
        }
        return failed == null;
    }

    private void explain(testkit.Check check, String saw) {
        List<String> lines = new ArrayList<>(saw.strip().lines().toList());
        if (lines.size() > MOST_LINES) {
            lines.subList(MOST_LINES - 2, lines.size() - 2).clear();
            lines.add(MOST_LINES - 2, "…");
        }
        System.out.println(INDENT + "seen: " + String.join("\n" + INDENT + "      ", lines));
        System.out.println(INDENT + "likely missing: " + check.missing());
        System.out.println(INDENT + "manual: " + check.manual());
        if (mine) {
            System.out.println(INDENT + "a hint: ./lab hint " + check.step() + " " + check.name());
        }
    }

    private static void conclude(List<testkit.Check> checks, int passed, int tried) {
        String untried = tried == checks.size()
                ? ""
                : " It hangs, so these were not tried: "
                        + String.join(
                                ", ",
                                checks.subList(tried, checks.size()).stream()
                                        .map(testkit.Check::name)
                                        .toList())
                        + ".";
        System.out.println(
                passed == checks.size()
                        ? "All " + passed + " checks passed."
                        : tried - passed + " of " + checks.size() + " checks failed." + untried);
    }

    private static void print(String outcome, testkit.Check check, String text) {
        System.out.println(Ansi.AUTO.string(outcome) + " " + check.step() + " " + check.name() + ": " + text);
    }

    /** A shared folder tells nobody of changes, so this looks, twice a second. */
    private int watch() throws IOException, InterruptedException {
        Map<Path, Object> checked = null;
        while (true) {
            Map<Path, Object> now = state();
            if (!now.equals(checked)) {
                if (checked != null) {
                    System.out.printf(Locale.ROOT, "%n%tT: saved%n", LocalTime.now(ZoneId.systemDefault()));
                    Files.deleteIfExists(container.folder().resolve("target/" + MyContainer.NAME + ".jar"));
                }
                if (build()) {
                    check();
                }
                System.out.printf(
                        Locale.ROOT,
                        "%tT: waiting for you to save; Ctrl-C ends this.%n",
                        LocalTime.now(ZoneId.systemDefault()));
                checked = now;
            }
            Thread.sleep(500);
        }
    }

    private Map<Path, Object> state() throws IOException {
        Map<Path, Object> state = new TreeMap<>();
        try (Stream<Path> files = Files.walk(container.folder())) {
            for (Path file :
                    (Iterable<Path>) files.filter(file -> file.toString().endsWith(".java"))::iterator) {
                FileTime saved = Files.getLastModifiedTime(file);
                state.put(file, List.of(saved, Files.readString(file)));
            }
        } catch (java.io.UncheckedIOException | java.nio.file.NoSuchFileException e) {
            // an editor that is just replacing a file: it is there the next time
            state.clear();
        }
        return state;
    }

    /** The script builds, as the owner of the folder. */
    private static boolean build() throws IOException, InterruptedException {
        ProcessBuilder lab = new ProcessBuilder(Lab.checkout().resolve("lab").toString(), "build", "mine").inheritIO();
        lab.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return lab.start().waitFor() == 0;
    }
}
