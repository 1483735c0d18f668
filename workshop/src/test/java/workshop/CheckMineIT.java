package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syscalls.Leftovers;
import testkit.Privileged;
import testkit.Running;

/** What an attendee wrote, checked in a copy of this checkout. */
@Privileged
class CheckMineIT {
    private static final String RUN = "src/main/java/container/Run.java";

    @TempDir
    static Path directory;

    private static Path copy;
    private static Path mine;

    /** @param pid of the lab, which was a JVM in the end */
    record Result(long pid, int status, String output, String error) {}

    @BeforeAll
    static void copy() throws Exception {
        copy = Files.createDirectory(directory.resolve("copy"));
        mine = copy.resolve("my-container");
        List<String> command = new ArrayList<>(List.of("cp", "-a", "--parents", "lab", "mvnw", ".mvn"));
        for (String built : List.of("jar", "options", "sources")) {
            command.add("workshop/target/lab." + built);
        }
        try (Stream<Path> tree = Files.walk(Lab.checkout(), 2)) {
            tree.map(path -> Lab.checkout().relativize(path).toString())
                    .filter(path -> path.matches("([^/]+/)?pom.xml|[^/]+/src|syscalls/.*[.]options")
                            && !path.startsWith("my-container"))
                    .forEach(command::add);
        }
        command.add(copy.toString());
        assertThat(new ProcessBuilder(command)
                        .directory(Lab.checkout().toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    @AfterEach
    void forget() throws IOException {
        if (Files.exists(mine)) {
            Leftovers.deleteTree(mine);
        }
    }

    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(copy.toFile());
        builder.redirectInput(new File("/dev/null"));
        builder.environment().put("LAB_HOME", directory.resolve("home").toString());
        builder.environment().put("LAB_NAME", "ada");
        builder.environment().remove("LAB_PATIENCE");
        return builder;
    }

    private static Result execute(List<String> command) throws IOException, InterruptedException {
        Path error = directory.resolve("stderr");
        Process process = builder(command).redirectError(error.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return new Result(process.pid(), process.exitValue(), output, Files.readString(error));
    }

    /** The script, which builds. */
    private static Result lab(String... arguments) throws IOException, InterruptedException {
        return execute(Stream.concat(Stream.of("./lab"), Stream.of(arguments)).toList());
    }

    /** The program behind it, which does not. */
    private static Result check(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Dlab.home=" + copy,
                "-jar",
                System.getProperty("jar"),
                "check",
                "--mine"));
        command.addAll(List.of(arguments));
        return execute(command);
    }

    /** As if it had been built from the step's sources with one piece of text replaced. */
    private static void built(int step, String file, String text, String replacement) throws IOException {
        Files.createDirectories(mine.resolve("target"));
        Files.writeString(mine.resolve("STEP"), step + "\n");
        StepWithMistake.copySources(step, mine);
        Path source = mine.resolve("src/main/java/container").resolve(file);
        assertThat(source).content().contains(text);
        Files.writeString(source, Files.readString(source).replace(text, replacement));
        assertThat(StepWithMistake.compile(step, mine)).isTrue();
        Path jar = mine.resolve("target/my-container.jar");
        Files.copy(Steps.jar(step), jar);
        String options = Steps.jar(step).toString().replaceAll("jar$", "options");
        Files.copy(Path.of(options), mine.resolve("target/my-container.options"));
        try (FileSystem inside = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of());
                Stream<Path> classes = Files.list(mine.resolve("classes/container"))) {
            for (Path compiled : classes.toList()) {
                Path place = inside.getPath("container", compiled.getFileName().toString());
                Files.copy(compiled, place, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void assertNothingLeft(Result result) throws IOException {
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            assertThat(processes.filter(process -> new testkit.Proc(process.pid()).exists()
                            && process.info().commandLine().orElse("").contains(mine + "/target")))
                    .isEmpty();
        }
        for (String parent : List.of("/var/tmp", "/sys/fs/cgroup", "/sys/fs/cgroup/pids", "/sys/fs/cgroup/memory")) {
            if (Files.exists(Path.of(parent))) {
                assertThat(Leftovers.leftovers(Path.of(parent), "lab-host-")).isEmpty();
            }
        }
    }

    @Test
    void theFirstThatFailsSaysWhatIsMissingAndWhereThatStands() throws Exception {
        built(3, "Child.java", "        chdir(\"/\");\n", "");
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Result result = check("--share", shared.toString());
        assertThat(result.output())
                .startsWith("Checking my-container, which is at step 3, for step 3\n")
                .contains("\nok     3 root: its root is the root file system\nNOT OK 3 working-directory: ")
                .contains("seen: its working directory is outside of its root, ")
                .contains("likely missing: chdir(\"/\") after chroot\n")
                .contains("manual: chroot(2), DESCRIPTION\n")
                .contains("a hint: ./lab hint 3 working-directory\n")
                .endsWith("\n1 of 21 checks failed.\n");
        assertThat(result.error()).isEmpty();
        assertThat(result.status()).isEqualTo(1);
        JsonNode last = new ObjectMapper()
                .readTree(mine.resolve("target/last-check.json").toFile());
        assertThat(last.get("failing").asText()).isEqualTo("working-directory");
        assertThat(last.get("passed").asInt()).isEqualTo(20);
        assertThat(Progress.attendees(shared)).singleElement().satisfies(ada -> {
            assertThat(ada.name()).isEqualTo("ada");
            assertThat(ada.last()).isEqualTo(CheckResult.of(last).orElseThrow());
        });
        assertNothingLeft(result);
    }

    @Test
    void whatHangsIsStoppedAndTheRestNotTried() throws Exception {
        built(3, "Run.java", "        return launch(", "        Thread.sleep(1 << 30);\n        return launch(");
        Result result = check();
        assertThat(result.output())
                .contains("\nNOT OK 3 pid-1: ", "waited 10 s in vain until the command [sleep, 1000] runs")
                .contains(
                        "\n1 of 21 checks failed. It hangs, so these were not tried: root, working-directory, proc, ");
        assertThat(result.status()).isEqualTo(1);
        assertNothingLeft(result);
    }

    @Test
    void aBombWithoutALimitMeetsTheGuard() throws Exception {
        built(5, "Cgroup.java", "write(group(\"pids\").resolve(\"pids.max\"), limit);", "group(\"pids\");");
        Result result = check("--only", "fork-bomb");
        assertThat(result.output())
                .contains("NOT OK 5 fork-bomb: ", "only the guard of 400 processes around this check held the bomb");
        assertThat(result.status()).isEqualTo(1);
        assertNothingLeft(result);
    }

    @Test
    void aProgramThatIsABombItselfMeetsTheGuardToo() throws Exception {
        built(1, "Run.java", "spawn(command)", "spawn(List.of(\"sh\", \"-c\", \"f() { f | f & }; f; sleep 1000\"))");
        Result result = check();
        assertThat(result.output())
                .contains("NOT OK 1 exit-code: ")
                .contains("took all of the 400 processes and threads that the guard");
        assertThat(result.status()).isEqualTo(1);
        assertNothingLeft(result);
    }

    @Test
    void withoutAContainerOrAStepItIsOneLine() throws Exception {
        Result none = lab("check");
        assertThat(none.error()).startsWith("lab: check which step?").hasLineCount(1);
        assertThat(none.status()).isEqualTo(2);
        Result mineOnly = lab("check", "1", "--mine");
        assertThat(mineOnly.error()).isEqualTo("lab: there is no my-container yet: ./lab start 1 makes it\n");
        assertThat(mineOnly.status()).isEqualTo(2);
        Result outOfRange = lab("check", "9");
        assertThat(outOfRange.error())
                .startsWith("lab: there is no step '9'; the steps are: 1 (exec)")
                .hasLineCount(1);
        assertThat(outOfRange.status()).isEqualTo(2);
        built(1, "Run.java", "Running ", "Running ");
        Result noSuchFolder = check("--share", "/no/such");
        assertThat(noSuchFolder.error())
                .startsWith("lab: /no/such: no such folder")
                .hasLineCount(1);
        assertThat(noSuchFolder.status()).isEqualTo(1);
    }

    @Test
    void whatDoesNotCompileIsTheCompilersMessageAndWatchGoesOn() throws Exception {
        assertThat(lab("catch-up", "1").status()).isZero();
        Path source = mine.resolve(RUN);
        String solution = Files.readString(source);
        Files.writeString(source, solution.replace("waitpid(spawn(command))", "waitFor(spawn(command))"));
        int line = solution.substring(0, solution.indexOf("waitpid(spawn(")).split("\n").length;

        Result result = lab("check");
        assertThat(result.error()
                        .lines()
                        .filter(said -> !said.startsWith("Building "))
                        .toList())
                .startsWith("my-container/" + RUN + ":" + line + ": cannot find symbol")
                .hasSize(3);
        assertThat(result.output()).isEmpty();
        assertThat(result.status()).isNotZero();

        Path printed = directory.resolve("watch");
        Process watch = builder(List.of("./lab", "check", "--watch"))
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            Running.waitUntil("it waits", () -> Files.readString(printed).contains("waiting for you to save"));
            assertThat(printed)
                    .content()
                    .contains(RUN + ":" + line + ": cannot find symbol")
                    .doesNotContain("Checking");
            Files.writeString(source, solution);
            Running.waitUntil("it checks", () -> Files.readString(printed).contains("All 12 checks passed."));
            Running.waitUntil("status knows", () -> CheckResult.last(new MyContainer(copy))
                    .isPresent());
            Files.writeString(
                    source, solution.replace("waitpid(spawn(command))", "waitpid(spawn(List.of(\"false\")))"));
            Running.waitUntil("it checks again", () -> Files.readString(printed).contains("NOT OK 1 exit-code"));
        } finally {
            new ProcessBuilder("kill", "-INT", "" + watch.pid()).start().waitFor();
        }
        assertThat(watch.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(watch.exitValue()).isEqualTo(130);
        assertThat(printed).content().doesNotContain("Exception", "lab: ");
        assertNothingLeft(new Result(watch.pid(), 0, "", ""));
    }
}
