package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import testkit.Privileged;

/** The attendee's loop, typed in a copy of this checkout. */
class LoopIT {
    private static final String RUN = "src/main/java/container/Run.java";
    private static final String CHILD = "src/main/java/container/Child.java";

    @TempDir
    static Path directory;

    private static Path copy;

    record Result(int status, String output, String error) {}

    @BeforeAll
    static void copy() throws Exception {
        copy = Files.createDirectory(directory.resolve("copy"));
        List<String> files = new ArrayList<>(List.of("lab", "mvnw", ".mvn"));
        for (String built : List.of("jar", "options", "sources")) {
            files.add("workshop/target/lab." + built);
        }
        try (Stream<Path> tree = Files.walk(Lab.checkout(), 2)) {
            tree.map(path -> Lab.checkout().relativize(path).toString())
                    .filter(path -> path.matches("([^/]+/)?pom.xml|[^/]+/src|syscalls/.*[.]options"))
                    .filter(path -> !path.startsWith(MyContainer.NAME))
                    .forEach(files::add);
        }
        List<String> command = new ArrayList<>(List.of("cp", "-a", "--parents"));
        command.addAll(files);
        command.add(copy.toString());
        assertThat(new ProcessBuilder(command)
                        .directory(Lab.checkout().toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        for (Path folder = copy;
                !folder.equals(Path.of(System.getProperty("java.io.tmpdir")));
                folder = folder.getParent()) {
            assertThat(folder.toFile().setExecutable(true, false)).isTrue(); // for another user
            assertThat(folder.toFile().setReadable(true, false)).isTrue();
        }
    }

    @AfterEach
    void forget() throws Exception {
        execute("", "sh", "-c", "rm -rf my-container my-container.*");
    }

    private static Result execute(String input, String... command) throws IOException, InterruptedException {
        Path error = directory.resolve("stderr");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(copy.toFile()).redirectError(error.toFile());
        builder.environment().put("LAB_HOME", directory.resolve("home").toString());
        Process process = builder.start();
        process.getOutputStream().write(input.getBytes(UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Result(process.exitValue(), output, Files.readString(error));
    }

    private static Result lab(String... arguments) throws IOException, InterruptedException {
        return execute(
                "", Stream.concat(Stream.of("./lab"), Stream.of(arguments)).toArray(String[]::new));
    }

    private static String mine(String file) throws IOException {
        return Files.readString(copy.resolve("my-container").resolve(file));
    }

    private static void write(String file, String text, String replacement) throws IOException {
        String now = mine(file);
        assertThat(now).contains(text);
        Files.writeString(copy.resolve("my-container").resolve(file), now.replace(text, replacement));
    }

    private static List<Path> kept() throws IOException {
        Path all = copy.resolve("my-container.kept");
        if (!Files.exists(all)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(all)) {
            return files.sorted().toList();
        }
    }

    /** Nothing half made, either. */
    private static List<String> folders() throws IOException {
        try (Stream<Path> files = Files.list(copy)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith("my-container"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void startSaysWhatToDoAndWhereAndHowToGoOn() throws Exception {
        Result start = lab("start", "4");
        assertThat(start.error()).isEmpty();
        assertThat(start.status()).isZero();
        assertThat(start.output())
                .startsWith("Step 4, mountns: ")
                .contains("3 TODOs:", "my-container/" + RUN + ":32\n", "man 7 mount_namespaces")
                .contains("./lab check 4", "./lab hint 4", "./lab diff mine 4", "./lab run mine sh")
                .doesNotContain("\033");
        assertThat(mine("STEP")).isEqualTo("4\n");
        assertThat(mine(RUN).lines().toList().get(31)).contains("// TODO: ");
        assertThat(Files.readString(copy.resolve("my-container/pom.xml")))
                .contains("<artifactId>my-container</artifactId>")
                .doesNotContain("testkit");
        assertThat(folders()).containsExactly("my-container");
    }

    @Test
    void whatNobodyChangedIsReplacedWithoutAsking() throws Exception {
        assertThat(lab("start", "1").status()).isZero();
        assertThat(lab("catch-up", "2").status()).isZero();
        assertThat(Files.createDirectories(copy.resolve("my-container/target/classes")))
                .exists(); // no work of anybody's
        Result start = lab("start", "3");
        assertThat(start.error()).isEmpty();
        assertThat(start.status()).isZero();
        assertThat(mine("STEP")).isEqualTo("3\n");
        assertThat(folders()).containsExactly("my-container");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start 3", "reset", "catch-up 2"})
    void withoutATerminalWorkIsNotTouchedButWithYesItIsKeptAside(String command) throws Exception {
        lab("start", "2");
        write(RUN, "// TODO: ", "// mine: ");
        String work = mine(RUN);
        Result refused = lab(command.split(" "));
        assertThat(refused.error())
                .isEqualTo("lab: my-container has changes of yours: Run.java; nothing was done."
                        + " With --yes they are kept aside, and it is made anew\n");
        assertThat(refused.output()).isEmpty();
        assertThat(refused.status()).isEqualTo(1);
        assertThat(mine(RUN)).isEqualTo(work);
        assertThat(folders()).containsExactly("my-container");

        Result done = lab((command + " --yes").split(" "));
        assertThat(done.status()).isZero();
        assertThat(mine(RUN)).isNotEqualTo(work);
        assertThat(kept()).singleElement().satisfies(kept -> {
            assertThat(done.output()).startsWith("Your code is kept in my-container.kept/" + kept.getFileName());
            assertThat(kept.resolve(RUN)).content().isEqualTo(work);
        });
        assertThat(folders()).containsExactly("my-container", "my-container.kept");
    }

    @Test
    void onATerminalItAsksAndNoIsTheDefault() throws Exception {
        lab("start", "2");
        write(CHILD, "// TODO: ", "// mine: ");
        for (String answer : List.of("\n", "n\n", "what\n")) {
            Result refused = execute(answer, "script", "-qec", "./lab start 3", "/dev/null");
            assertThat(refused.output()).contains("changes of yours: Child.java. ", "[y/N]", "Nothing was done.");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(mine("STEP")).isEqualTo("2\n");
        }
        Result done = execute("y\n", "script", "-qec", "./lab start 3", "/dev/null");
        assertThat(done.output()).contains("Your code is kept in my-container.kept/", "Step 3");
        assertThat(done.status()).isZero();
        assertThat(kept()).hasSize(1);
        assertThat(mine("STEP")).isEqualTo("3\n");
    }

    @Test
    void aFileOfTheAttendeesOwnIsWorkToo() throws Exception {
        lab("start", "1");
        Files.writeString(copy.resolve("my-container/notes.txt"), "mine");
        assertThat(lab("start", "2").status()).isEqualTo(1);
        lab("start", "2", "--yes");
        assertThat(kept()).singleElement().satisfies(kept -> assertThat(kept.resolve("notes.txt"))
                .hasContent("mine"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6})
    void catchUpIsTheSolutionByteForByte(int step) throws Exception {
        assertThat(lab("catch-up", "" + step).output())
                .contains(
                        "is the solution of step " + step, step == 1 ? "Next: ./lab start 2" : "Next: ./lab run mine");
        Path solution = Steps.jar(step).getParent().resolveSibling("src/main");
        assertThat(execute("", "diff", "-r", solution.toString(), "my-container/src/main"))
                .isEqualTo(new Result(0, "", ""));
        assertThat(lab("diff", "mine", "" + step).output()).isEqualTo("Nothing differs.\n");
    }

    @Test
    void itIsBuiltApartAndRuns() throws Exception {
        lab("start", "1");
        Result skeleton = lab("run", "mine", "echo", "hello");
        assertThat(skeleton.error()).endsWith("container: Run.call is still to be written\n");
        assertThat(skeleton.status()).isEqualTo(125);
        write(RUN, "throw new UnsupportedOperationException(\"Run.call is still to be written\");", """
                List raw = command;
                        return waitpid(spawn(command))""".stripLeading());
        Result broken = lab("run", "mine", "echo", "hello");
        assertThat(broken.error()).isEqualTo("Building my-container ...\nmy-container/" + RUN + ":22: ';' expected\n");
        assertThat(broken.status()).isEqualTo(125);
        write(RUN, "spawn(command))", "spawn(command));"); // with a raw type: a warning is no mistake
        Result mended = lab("run", "mine", "echo", "hello");
        assertThat(mended.output()).isEqualTo("hello\n");
        assertThat(mended.status()).isZero();
        assertThat(copy.resolve("my-container/target/my-container.jsa")).exists();
    }

    @ParameterizedTest
    @CsvSource({
        "start 9, 2, there is no step 9; the steps are: 1 (exec)",
        "start 0, 2, there is no step 0; the steps are: 1 (exec)",
        "start x, 2, x",
        "start, 2, STEP",
        "catch-up 7, 2, there is no step 7; the steps are: 1 (exec)",
        "hint 7, 2, there is no step 7; the steps are: 1 (exec)",
        "hint 4 4, 2, there is no hint of level 4; the levels are 1 to 3",
        "hint 4 nonsense, 2, 'Run.call, Child.run; the checks: mount-namespace, '",
        "hint 4 hostname, 2, hostname is a check of step 2: ./lab hint 2 hostname",
        "reset, 1, there is no my-container yet: ./lab start 1 makes it",
        "diff mine 3, 1, there is no my-container yet: ./lab start 1 makes it",
        "run mine sh, 2, there is no my-container yet: ./lab start 1 makes it",
        "diff 3 yours, 2, 'yours'",
    })
    void whatIsWrongIsOneLine(String command, int status, String message) throws Exception {
        Result result = lab(command.split(" "));
        assertThat(result.error()).startsWith("lab: ").contains(message).hasLineCount(1);
        assertThat(result.output()).isEmpty();
        assertThat(result.status()).isEqualTo(status);
        assertThat(folders()).isEmpty();
    }

    @Test
    void statusSaysWhereOneIs() throws Exception {
        assertThat(lab("status")).isEqualTo(new Result(0, "There is no my-container yet.\nNext: ./lab start 1\n", ""));
        lab("start", "4");
        assertThat(lab("status").output())
                .startsWith("Step 4, mountns, in my-container\n3 TODOs:\n")
                .contains("No file is changed by you.", "not as the solution: Child.java, Run.java\n")
                .contains("Next: write what Child.java:29 asks for, and then ./lab check 4; or ./lab hint 4\n");
        write(CHILD, "// TODO: ", "// ");
        assertThat(lab("status").output())
                .contains("2 TODOs:", "changed by you: Child.java\n", "Next: write what Run.java:32 asks for");
        lab("catch-up", "4", "--yes");
        assertThat(lab("status").output())
                .contains("No TODO is left.", "No file is not as the solution.", "Next: ./lab check 4");
        Path last = Files.createDirectories(copy.resolve("my-container/target")).resolve("last-check.json");
        String check = "{\"step\":4,\"passed\":%d,\"of\":21,\"failing\":%s,\"time\":\"2026-01-01T00:00:00Z\"}";
        Files.writeString(last, String.format(Locale.ROOT, check, 20, "\"private-mounts\""));
        assertThat(lab("status").output())
                .contains("Last check: 20 of 21 passed; private-mounts failed first.\n")
                .endsWith("Next: ./lab hint 4 private-mounts\n");
        Files.writeString(last, String.format(Locale.ROOT, check, 21, "null"));
        assertThat(lab("status").output()).contains("Last check: 21 of 21 passed.\n", "Next: ./lab start 5\n");
        write(CHILD, "mount", "mount"); // saved since
        assertThat(lab("status").output()).doesNotContain("Last check").contains("Next: ./lab check 4\n");
        Files.writeString(copy.resolve("my-container/STEP"), "four");
        assertThat(lab("status").error())
                .startsWith("lab: ")
                .contains("my-container/STEP does not say which step it is at: ./lab start N")
                .hasLineCount(1);
    }

    @Test
    void aHintGoesAsFarAsItIsAskedTo() throws Exception {
        String question = "who is process 1 of the new PID namespace: the thread";
        String pointer = "One more flag for unshare: CLONE_NEWPID";
        String line = "\n  +             unshare(CLONE_NEWUTS | CLONE_NEWPID);\n";
        assertThat(lab("hint", "3").output())
                .contains("Run.call: in class `Run`, method `call`, ", question, "Child.run: ", "./lab hint 3 2")
                .doesNotContain(pointer, line);
        assertThat(lab("hint", "3", "2").output())
                .contains(question, pointer, "./lab hint 3 3")
                .doesNotContain(line);
        assertThat(lab("hint", "3", "3").output()).contains(question, pointer, line, "+         chroot(rootfs);");
        assertThat(lab("hint", "3", "working-directory", "3").output())
                .contains("+         chdir(\"/\");")
                .doesNotContain("Run.call");
        assertThat(lab("hint", "1", "3").output()).contains("+     return waitpid(spawn(command));");
        assertThat(lab("hint", "5", "3", "Cgroup.limitPids").output())
                .contains("+         write(group(\"pids\").resolve(\"pids.max\"), limit);")
                .doesNotContain("limitMemory");
    }

    @Test
    void hintsAreAboutWhatIsNotWrittenYet() throws Exception {
        lab("catch-up", "3");
        Files.writeString(
                copy.resolve("my-container").resolve(RUN),
                mine(RUN).replace("CLONE_NEWUTS | CLONE_NEWPID", "CLONE_NEWPID"));
        assertThat(lab("hint", "3").output()).contains("Run.call: ").doesNotContain("Child.run: ");
        assertThat(lab("hint", "4").output()).contains("Run.call: ", "Child.run: ");
    }

    @Test
    void theDiffOfMineIsInTheWordsOfTheOthers() throws Exception {
        lab("start", "4");
        assertThat(lab("diff", "mine", "4", "Child.run").output())
                .contains("Child.run: in class `Child`, method `run`, ", "\n  -         // TODO: ")
                .contains("\n  +         mount(\"none\", \"/\", null, MS_REC | MS_PRIVATE, null);\n");
        assertThat(lab("diff", "4", "mine", "Child.run").output()).contains("\n  +         // TODO: ");
        Path patch = Files.writeString(
                directory.resolve("patch"), lab("diff", "mine", "4", "--patch").output());
        assertThat(execute("", "patch", "-p1", "-s", "-d", "my-container", "-i", patch.toString()))
                .isEqualTo(new Result(0, "", ""));
        assertThat(lab("diff", "mine", "4").output()).isEqualTo("Nothing differs.\n");
        assertThat(lab("diff", "mine", "4", "Nonsense").error())
                .isEqualTo("lab: nothing called Nonsense differs from your code to step 4; what does: nothing;"
                        + " see ./lab diff --help\n");
    }

    /** As an editor may save it that was used on Windows before. */
    @Test
    void lineEndsAreNoWork() throws Exception {
        lab("start", "4");
        String plain = lab("status").output();
        String diff = lab("diff", "mine", "4").output();
        for (Path file : List.of(Path.of(RUN), Path.of(CHILD))) {
            write(file.toString(), "\n", "\r\n");
        }

        assertThat(lab("status").output()).isEqualTo(plain).contains("No file is changed by you.");
        assertThat(lab("diff", "mine", "4").output()).isEqualTo(diff).contains("\n  -         // TODO: ");
        assertThat(lab("hint", "4")).isEqualTo(lab("hint", "4", "1"));
        assertThat(lab("reset").status()).isZero(); // without asking, for nothing gets lost
        assertThat(kept()).isEmpty();

        lab("catch-up", "4", "--yes");
        write(RUN, "\n", "\r\n");
        assertThat(lab("diff", "mine", "4").output()).isEqualTo("Nothing differs.\n");
        assertThat(lab("build", "mine"))
                .satisfies(built -> assertThat(built.status()).as(built.error()).isZero());
        assertThat(copy.resolve("my-container/target/my-container.jar")).exists();

        write(RUN, "unshare(", "unshare(0 | ");
        assertThat(lab("diff", "4", "mine").output().lines().filter(line -> line.matches("  [+-].*")))
                .hasSize(2);
        assertThat(lab("status").output()).contains("not as the solution: Run.java");
        assertThat(lab("start", "4").error()).contains("Run.java");
    }

    @Test
    @Privileged
    void whereOneCannotWriteItIsOneLineAndAsRootTheOwnersFile() throws Exception {
        String[] nobody = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "./lab", "start", "1"};
        Result refused = execute("", nobody);
        assertThat(refused.error()).isEqualTo("lab: could not make " + copy + "/my-container: permission denied\n");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(folders()).isEmpty();

        execute("", "chown", "65534:65534", ".");
        try {
            assertThat(lab("start", "1").status()).isZero();
            assertThat(execute("", "find", "my-container", "!", "-user", "65534")
                            .output())
                    .isEmpty();
            assertThat(execute("", nobody).status()).isZero();
            Result build = lab("build", "mine");
            assertThat(build.error())
                    .startsWith("lab: " + copy + " is nobody's, who has no home for Maven's libraries: chown ")
                    .hasLineCount(1);
            assertThat(build.status()).isEqualTo(125);
        } finally {
            execute("", "chown", "0:0", ".");
        }
    }

    /** In a mount namespace of its own. */
    @Test
    @Privileged
    void onAFullDiskTheOldOneStaysAsItWas() throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        Result result =
                execute("", "unshare", "-m", "bash", "-ec", String.format(Locale.ROOT, """
                mount -t tmpfs -o size=1500k none "$0"
                cp -a step* "$0"
                lab() { java -Dlab.home="$0" -jar "$copy/workshop/target/lab.jar" "$@"; }
                copy=$PWD
                cd "$0"
                lab start 1 >/dev/null
                echo mine >> my-container/%s
                dd if=/dev/zero of=full bs=4k 2>/dev/null || true
                lab start 6 --yes || echo status $?
                tail -n 1 my-container/%1$s
                cat my-container/STEP
                ls -d my-container*
                """, RUN), small.toString());
        assertThat(result.error())
                .startsWith("lab: could not make " + small + "/my-container: ")
                .endsWith("; the old one is as it was\n")
                .hasLineCount(1);
        assertThat(result.output()).isEqualTo("status 1\nmine\n1\nmy-container\n");
    }
}
