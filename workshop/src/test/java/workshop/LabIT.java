package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import syscalls.Leftovers;
import testkit.Privileged;

/** The lab from outside, both the script and the program behind it. */
class LabIT {
    private static final Path SCRIPT = Path.of("../lab").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    record Result(int status, String output, String error) {}

    private Result execute(List<String> command) throws IOException, InterruptedException {
        Path error = directory.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectError(error.toFile());
        builder.environment().put("LAB_HOME", directory.resolve("home").toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Result(process.exitValue(), output, Files.readString(error));
    }

    /** Without the script, which would build. */
    private Result program(String... arguments) throws Exception {
        return program(List.of(), arguments);
    }

    private Result program(List<String> options, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(ProcessHandle.current().info().command().orElseThrow(), "-Dlab.home=" + Lab.checkout()));
        command.addAll(options);
        command.addAll(List.of("-jar", System.getProperty("jar")));
        command.addAll(List.of(arguments));
        return execute(command);
    }

    @ParameterizedTest
    @CsvSource({
        "run, run which step",
        "run 9 sh, there is no step '9'",
        "run 0 sh, there is no step '0'",
        "run x sh, there is no step 'x'",
        "run -1 sh, there is no step '-1'",
        "run 3;id sh, there is no step '3;id'",
        "run * sh, there is no step '*'",
    })
    void aStepThatIsNotThereIsOneLineWithThoseThatAre(String arguments, String message) throws Exception {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments.split(" ")));
        Result result = execute(command);
        assertThat(result.error())
                .startsWith("lab: " + message)
                .contains("3 (pid-chroot)")
                .hasLineCount(1);
        assertThat(result.output()).isEmpty();
        assertThat(result.status()).isEqualTo(2);
    }

    @Test
    void theScriptIsFoundThroughSymbolicLinksAndSpaces() throws Exception {
        Path place = Files.createDirectory(directory.resolve("my lab"));
        Path link = Files.createSymbolicLink(place.resolve("lab"), SCRIPT);
        Path relative = Files.createSymbolicLink(directory.resolve("link"), Path.of("my lab/lab"));
        for (Path script : List.of(relative, link)) {
            assertThat(execute(List.of(script.toString(), "run")).error()).contains("3 (pid-chroot)");
            Files.delete(script); // JUnit would warn of a link that leaves its directory
        }
    }

    @Test
    void withoutJavaItSaysHowToGetIt() throws Exception {
        assertThat(execute(
                        List.of("env", "-u", "JAVA_HOME", "PATH=/nowhere", "/bin/bash", SCRIPT.toString(), "run", "1")))
                .satisfies(result -> {
                    assertThat(result.status()).isEqualTo(125);
                    assertThat(result.error()).contains("apt install").hasLineCount(1);
                });
    }

    /** What bash was told, and hands on to each of its scripts. */
    @ParameterizedTest
    @ValueSource(strings = {"SHELLOPTS=noglob", "SHELLOPTS=errexit:nounset:posix", "CDPATH=/usr:/"})
    void theShellsSettingsDoNotMatter(String setting) throws Exception {
        Result result = execute(List.of("env", setting, SCRIPT.toString(), "run", "1", "echo", "hello"));
        assertThat(result).isEqualTo(new Result(0, "hello\n", "Running [echo, hello]\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void javasOptionsAreForBuildingAndThatIsSaidOnce(String variable) throws Exception {
        String command = "exec " + SCRIPT + " run 1 sh -c 'exit 7'";
        Result result = execute(List.of("env", variable + "=-XX:+UseG1GC", "sh", "-c", command));
        assertThat(result.error())
                .isEqualTo("lab: " + variable + ": only for building, left out here\nRunning [sh, -c, exit 7]\n");
        assertThat(result.status()).isEqualTo(7);
    }

    /** Only options before the command are the lab's. */
    @Test
    @Privileged
    void theFirstRunMakesARootfsWhateverOptionsTheCommandHas() throws Exception {
        Path home = directory.resolve("home");
        for (String command : List.of("ls --help", "echo --layer", "echo --rootfs=/nowhere", "-- echo --help")) {
            Result result =
                    execute(Stream.concat(Stream.of(SCRIPT.toString(), "run", "3"), Stream.of(command.split(" ")))
                            .toList());
            assertThat(result.status()).as(result.error()).isZero();
            assertThat(result.error()).startsWith("Making a root file system in " + home + "/rootfs, this once");
            Leftovers.deleteTree(home);
        }
        Result help = execute(List.of(SCRIPT.toString(), "run", "3", "--help"));
        assertThat(help.output()).contains("--rootfs");
        assertThat(home).doesNotExist();
    }

    @Test
    void aWorkingDirectoryThatIsGoneIsOneLine() throws Exception {
        String command = "mkdir gone; cd gone; rmdir ../gone; exec " + SCRIPT + " run 1 true";
        Result result = execute(List.of("bash", "-c", command));
        assertThat(result.error().lines().filter(line -> !line.startsWith("shell-init: "))) // bash's own
                .containsExactly("lab: the working directory is not there any more; cd to another");
        assertThat(result.status()).isEqualTo(125);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:b", "a\\b"})
    void aCheckoutWhoseNameJavaCannotTakeIsOneLine(String name) throws Exception {
        Path place = Files.createDirectory(directory.resolve(name));
        Files.copy(SCRIPT, place.resolve("lab"), StandardCopyOption.COPY_ATTRIBUTES);
        assertThat(execute(List.of(place + "/lab", "run", "1", "true")))
                .isEqualTo(new Result(
                        125,
                        "",
                        "lab: " + place + ": a path with a colon or a backslash will not do; move it to another\n"));
    }

    /** As git does it where it was installed for Windows. */
    @Test
    void scriptsAreScriptsAlsoWhereLineEndsAreConverted() throws Exception {
        Result result = execute(List.of(
                "bash",
                "-ec",
                """
                cp -a --parents lab mvnw .mvn vm/*.sh vm/verify bench/* .gitattributes "$0/"
                cd "$0"
                git init -q .
                git add .
                git -c user.name=a -c user.email=a@example.org commit -qm all
                git -c core.autocrlf=true clone -q . clone
                find clone -path clone/.git -prune -o -type f ! -name '*.cmd' -exec grep -l $'\\r' {} + || true
                """.replace("cp -a", "cd " + Lab.checkout() + "; cp -a"),
                Files.createDirectory(directory.resolve("repository")).toString()));
        assertThat(result).isEqualTo(new Result(0, "", ""));
    }

    @Test
    void nothingToDoIsTheUsage() throws Exception {
        Result result = program();
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.error()).startsWith("lab: ").contains("doctor", "rootfs", "run");
    }

    @Test
    void helpIsNoMistake() throws Exception {
        Result result = program("--help");
        assertThat(result.status()).isZero();
        assertThat(result.output()).contains("doctor", "rootfs", "run", "xray");
        assertThat(result.error()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "rootfs nonsense, nonsense",
        "rootfs --dir, --dir",
        "rootfs --what, --what",
        "doctor now, now",
        "nonsense, nonsense",
        "--nonsense, --nonsense",
        "verify --step 99, the steps are: 1 (exec)",
        "verify --report report.txt, .html or .json",
        "check 3 --only nonsense, pid-1",
        "check 99, the steps are: 1 (exec)",
        "hint 1 4, 4",
        "start 99, the steps are: 1 (exec)",
        "xray 1 2, 2",
        "diff 2, N",
        "diff 2 x, x",
        "diff 2 3 --color=mauve, mauve",
        "diff 2 99, the steps are: 1 (exec)",
        "diff 2 3 Nonsense, Child.run"
    })
    void aWrongArgumentIsOneLine(String arguments, String named) throws Exception {
        Result result = program(arguments.split(" "));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.error()).startsWith("lab: ").contains(named).hasLineCount(1);
    }

    @Test
    void anUnknownCommandNamesIt() throws Exception {
        Result result = program("nonsense");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.error()).startsWith("lab: ").contains("nonsense");
    }

    @Test
    void aRootfsThatIsAFileIsOneLine() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Result result = program("rootfs", "--force", "--dir", file.toString());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.error()).startsWith("lab: " + file).hasLineCount(1);
    }

    @Test
    void aRootfsBelowAFileIsOneLine() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Result result = program("rootfs", "--dir", file + "/rootfs");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.error()).startsWith("lab: ").contains(file.toString()).hasLineCount(1);
    }

    /** A folder's name is not picocli's to expand. */
    @ParameterizedTest
    @ValueSource(strings = {"${env:HOME}", "${sys:user.name}", "a$b", "${DEFAULT-VALUE}", "$${x}"})
    void theNameOfLabHomeIsTakenAsItIs(String name) throws Exception {
        String home = "LAB_HOME=" + directory.resolve(name);
        List<String> command = List.of(
                "env",
                home,
                ProcessHandle.current().info().command().orElseThrow(),
                "-jar",
                System.getProperty("jar"),
                "rootfs");

        Result result = execute(command);

        assertThat(result.status()).as(result.error()).isZero();
        assertThat(result.error()).contains("Made " + directory.resolve(name) + "/rootfs in");
        assertThat(directory.resolve(name).resolve("rootfs/bin/sh")).exists();
        List<String> help = new ArrayList<>(command);
        help.add("--help");
        assertThat(execute(help).output()).contains("LAB_HOME/rootfs");
    }

    @Test
    void makesARootfsOnce() throws Exception {
        assertThat(program("rootfs").status()).isZero();
        assertThat(directory.resolve("home/rootfs/bin/sh")).exists();
        Result again = program("rootfs");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.error()).contains("--force").hasLineCount(1);
        assertThat(program("rootfs", "--force").status()).isZero();
    }

    /** One that needs no network, and does as told. */
    private List<String> withDebootstrap(String script) throws Exception {
        assumeTrue((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "needs root");
        Path programs = Files.createDirectory(directory.resolve("programs"));
        Path debootstrap = Files.writeString(programs.resolve("debootstrap"), "#!/bin/sh\n" + script);
        assertThat(debootstrap.toFile().setExecutable(true)).isTrue();
        String java = ProcessHandle.current().info().command().orElseThrow();
        return List.of(
                "env",
                "PATH=" + programs + ":" + System.getenv("PATH"),
                java,
                "-jar",
                System.getProperty("jar"),
                "rootfs",
                "debian");
    }

    @Test
    void aDebootstrapThatFailsLeavesNothingButItsMessage() throws Exception {
        Result result = execute(withDebootstrap("echo 'E: no mirror'; exit 3"));
        assertThat(result.error()).contains("lab: debootstrap failed (3): E: no mirror");
        assertThat(result.status()).isEqualTo(1);
        assertThat(directory.resolve("home")).isEmptyDirectory();
    }

    @Test
    void anInterruptedDebootstrapLeavesNothing() throws Exception {
        // It goes on writing until it is killed.
        String endless =
                "while [ ! -d \"$1\" ]; do shift; done; mkdir $1/dev; while :; do mkdir -p $1/a; : > $1/a/$((i+=1)); done";
        ProcessBuilder builder = new ProcessBuilder(withDebootstrap(endless))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().put("LAB_HOME", directory.resolve("home").toString());
        Process lab = builder.start();
        for (int i = 0; i < 600 && !isWriting(); i++) {
            Thread.sleep(50);
        }
        assertThat(isWriting()).isTrue();
        lab.destroy();
        assertThat(lab.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(directory.resolve("home")).isEmptyDirectory();
    }

    private boolean isWriting() throws IOException {
        Path home = directory.resolve("home");
        if (!Files.isDirectory(home)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(home)) {
            return entries.anyMatch(building -> Files.exists(building.resolve("a/100")));
        }
    }

    @Test
    void theDoctorSaysWhatIsThereWithoutColoursInAPipe() throws Exception {
        Result result = program("doctor");
        assertThat(result.output())
                .contains("kernel", "cgroup", "overlay", "rootfs")
                .doesNotContain("\033");
        assertThat(result.status()).isEqualTo(result.output().contains("NOT OK") ? 1 : 0);
    }

    @Test
    void aDiffSaysWhereEachPieceIs() throws Exception {
        Result result = program("diff", "2", "3", "Child.run");
        assertThat(result.output())
                .startsWith("src/main/java/container/Child.java\n")
                .contains("Child.run: in class `Child`, method `run`, after `sethostname(\"container\")`")
                .contains("\n  +         chroot(rootfs);\n", "\n            execvpe(command, environment());\n")
                .doesNotContain("\033", "Run.java", "import");
        assertThat(result.error()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(program("diff", "3", "2", "Child.run").output()).contains("\n  -         chroot(rootfs);\n");
        assertThat(program("diff", "3", "3").output()).isEqualTo("Nothing differs.\n");
    }

    /** Digits of its own, or an i of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"ar-EG", "fa-IR", "tr-TR"})
    void numbersAndNamesAreTheSameInAnyLanguage(String language) throws Exception {
        List<String> user =
                List.of("-Duser.language=" + language.split("-")[0], "-Duser.country=" + language.split("-")[1]);
        for (String arguments : List.of("hint 1", "diff 5 6", "completion")) {
            Result plain = program(arguments.split(" "));
            assertThat(program(user, arguments.split(" "))).as(arguments).isEqualTo(plain);
            assertThat(plain.status()).isZero();
        }
        Path plain = directory.resolve("plain.html");
        Path page = directory.resolve("page.html");
        program("diff", "5", "6", "--html", plain.toString());
        program(user, "diff", "5", "6", "--html", page.toString());
        assertThat(page).hasSameTextualContentAs(plain);
    }

    @Test
    void aDiffHasColoursIfTheyAreWanted() throws Exception {
        assertThat(program("diff", "2", "3", "--color=always").output())
                .contains("\033[32m+         chroot(rootfs);\033[");
    }

    @Test
    void aDiffIsAPatch() throws Exception {
        assertThat(program("diff", "2", "3", "--patch").output())
                .startsWith("diff --git a/src/main/java/container/Child.java b/src/main/java/container/Child.java\n---")
                .contains("\n+        chroot(rootfs);\n");
    }

    @Test
    void completionIsAScriptForBash() throws Exception {
        Path script = Files.writeString(
                directory.resolve("completion"), program("completion").output());
        assertThat(execute(List.of("bash", "-c", "source " + script + " && complete -p lab")))
                .satisfies(result -> assertThat(result.output()).contains("_complete_lab"));
    }
}
