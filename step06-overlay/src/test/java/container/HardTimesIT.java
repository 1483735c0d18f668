package container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import testkit.Privileged;
import testkit.Proc;
import testkit.Result;
import testkit.Running;

/** Where the host has no more of something, or was given something odd: one line, the right exit code, nothing left. */
@Privileged
@Tag("fire")
class HardTimesIT {
    private static final String UTF_8 = "export LC_ALL=C.UTF-8; ";

    private Fire fire;

    @BeforeEach
    void makeHost() throws IOException {
        fire = new Fire();
    }

    @AfterEach
    void endHost() throws IOException {
        fire.close();
    }

    private String rootfs() {
        return fire.host.rootfs().toString();
    }

    /**
     * Runs what follows with LAB_HOME on a small file system; what is left on it goes to standard output. In English, for
     * what the C library says of files is in the user's language.
     */
    private String small(String options, String script) {
        Path small = fire.host.directory().resolve("small");
        return "mkdir -p " + small + "; mount -t tmpfs -o " + options + " none " + small
                + "; (export LC_ALL=C.UTF-8 LAB_HOME="
                + small + "; " + script + "); code=$?; [ ! -e " + small + "/containers ] || find " + small
                + "/containers -mindepth 1; umount " + small
                + "; exit $code";
    }

    // No room

    @Test
    void aFullDiskIsTheCommandsOwnError() throws IOException {
        String dd = "dd if=/dev/zero of=/big bs=1M count=5 || exit 4";

        Result result = fire.host.execute(small("size=1m", fire.run("--layer", rootfs(), "sh", "-c", dd)));

        assertThat(result.exit()).as(result.err()).isEqualTo(4);
        assertThat(result.err()).contains("dd: error writing '/big': No space left on device");
        assertThat(result.out()).as("left").isEmpty();
        assertThat(fire.leftovers()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"size=1m,nr_inodes=1", "size=1m,nr_inodes=3", "size=1m,nr_inodes=4", "size=1m,nr_inodes=7"})
    void noRoomForTheDirectories(String full) throws IOException {
        Result result = fire.host.execute(small(full, fire.run("--layer", rootfs(), "true")));

        fire.assertRefused(result, 125, "No space left on device");
    }

    @Test
    void aReadOnlyDisk() throws IOException {
        Result result = fire.host.execute(small("ro", fire.run("--layer", rootfs(), "true")));

        fire.assertRefused(result, 125, "Read-only file system");
    }

    // No process

    /**
     * What fails first, with ever more allowed: this JVM (its words, 1), our thread or spawn, the container's JVM. A JVM
     * has not the same number of threads each time, so one sweep over the limits may miss one of them.
     */
    @Test
    void noProcessMore() throws IOException {
        Set<String> all = Set.of("1 JVM", "125 posix_spawnp", "125 the container's JVM", "3");
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int sweep = 1; sweep <= 5 && !outcomes.keySet().containsAll(all); sweep++) {
            sweepProcesses(outcomes);
        }
        System.out.println("fire: processes limited to 2, 6, 10, 11 …: " + outcomes + "; left: 0");
        assertThat(outcomes).containsKeys(all.toArray(String[]::new));
    }

    private void sweepProcesses(Map<String, Integer> outcomes) throws IOException {
        for (int limit = 2; limit <= 60; limit += limit < 10 ? 4 : 1) {
            fire.limit("pids", "pids.max", "pids.max", "" + limit);
            Result result = fire.host.run("sh", "-c", "exit 3");
            List<String> lines = result.err()
                    .lines()
                    .filter(line -> line.startsWith("container: "))
                    .toList();

            if (result.err().contains("Running [")) {
                assertThat(result.exit()).as("%d: %s", limit, result.err()).isIn(3, 125);
                assertThat(lines).as("%d: %s", limit, result.err()).hasSize(result.exit() == 3 ? 0 : 1);
            } else {
                assertThat(result.exit()).as("%d: %s", limit, result.err()).isIn(1, 125, 134);
            }
            assertThat(fire.leftoversAtRest()).isEmpty();
            outcomes.merge(whatFailed(result, lines), 1, Integer::sum);
            if (result.exit() == 3) {
                return;
            }
        }
    }

    private static String whatFailed(Result result, List<String> lines) {
        for (String call : List.of("Java can start no thread", "posix_spawnp", "the container's JVM")) {
            if (lines.toString().contains("container: " + call)) {
                return result.exit() + " " + call;
            }
        }
        return result.exit() + (result.exit() == 3 ? "" : " JVM");
    }

    // No memory

    @Test
    void noMemory() throws IOException {
        Map<Integer, Integer> outcomes = new TreeMap<>();
        for (int mebibytes : List.of(8, 16, 24, 32, 40, 48, 256)) {
            fire.limit("memory", "memory.limit_in_bytes", "memory.max", "" + ((long) mebibytes << 20));
            Result result = fire.host.run("sh", "-c", "exit 3");
            assertThat(result.err()).as(mebibytes + " MiB").containsPattern(saidWith(result.exit()));
            outcomes.merge(result.exit(), 1, Integer::sum);
            fire.leftoversAtRest(); // the kernel may have chosen `run`
        }
        assertThat(outcomes).containsKeys(137, 3);
        assertThat(fire.leftovers()).as("after the run that had enough").isEmpty();
        System.out.println("fire: memory limited to 8 to 256 MiB, exit codes " + outcomes + "; left: 0");
    }

    /** Who speaks, of those that may want memory. */
    private static String saidWith(int exit) {
        return switch (exit) {
            case 137 -> ""; // killed by the kernel
            case 3 -> "Running \\[";
            case 1 -> "Java|VM";
            case 125 -> "(?m)^container: ";
            default -> "no other exit code";
        };
    }

    @ParameterizedTest(name = "ulimit -v {0}")
    @ValueSource(ints = {100_000, 500_000, 1_000_000})
    void noAddressSpaceForAJvm(int kibibytes) throws IOException {
        Result result = fire.host.execute("ulimit -v " + kibibytes + "; exec " + fire.run("sh", "-c", "exit 3"));

        assertThat(result.exit()).as(result.err()).isIn(1, 134, 139);
        assertThat(result.out()).doesNotContain("Running");
        assertThat(fire.leftoversAtRest()).isEmpty();
    }

    // Odd root file systems

    private Path copyOfRootfs(String script) throws IOException {
        Path outside = Files.createDirectories(fire.host.directory().resolve("outside"));
        Files.writeString(outside.resolve("file"), "the host's\n");
        Path copy = fire.host.directory().resolve("odd");
        Result made = fire.host.execute("set -e; cp -a " + rootfs() + " " + copy + "; cd " + copy + "; " + script);
        assertThat(made.exit()).as(made.err()).isZero();
        return copy;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/proc is missing          | ENOENT  | rmdir proc",
                "/proc is a file           | ENOTDIR | rmdir proc; echo > proc",
                "/proc leads to itself     | ELOOP   | rmdir proc; ln -s /proc proc",
                "/proc leads outside, /    | ENOENT  | rmdir proc; ln -s $LAB_HOME/outside proc",
                "/proc leads outside, ..   | ENOENT  | rmdir proc; ln -s ../../../../../../../..$LAB_HOME/outside proc",
                "/proc leads to the host's | ELOOP   | rmdir proc; ln -s ../../../../../../../../proc proc",
                "/proc leads to a file     | ENOTDIR | rmdir proc; ln -s etc/passwd proc; echo > etc/passwd"
            })
    void noPlaceForProc(String what, String error, String script) throws IOException {
        Result result = fire.host.run("--layer", copyOfRootfs(script).toString(), "true");

        fire.assertRefused(result, 125, "mount(\"proc\", \"/proc\"", error);
        assertThat(fire.host.directory().resolve("outside")).isDirectoryContaining("glob:**/file");
    }

    /** mount(2) follows it: but inside the new root, whatever it says. So it is not the host's /proc, nor its /etc. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/etc", "../../../../../../../../etc"})
    void procLeadsToAnotherDirectoryInside(String target) throws IOException {
        Path odd = copyOfRootfs("rmdir proc; ln -s " + target + " proc");
        try (Running running = fire.host.start("--layer", odd.toString(), "sleep", "1000")) {
            Proc command = running.command("sleep", "1000");

            assertThat(command.mounts().stream()
                            .filter(mount -> mount.contains(" - proc "))
                            .map(mount -> mount.split(" ")[4]))
                    .contains("/etc");
            assertThat(fire.leftovers()).as("on the host's side").noneMatch(what -> what.startsWith("mount "));
        }
        fire.leftoversAtRest();
        assertThat(fire.host.run("true").exit()).isZero();
        assertThat(fire.leftovers()).isEmpty();
    }

    @Test
    void etcIsAFile() throws IOException {
        Path odd = copyOfRootfs("rm -r etc; echo a file > etc");

        assertThat(fire.host.run("--layer", odd.toString(), "cat", "/etc").out())
                .isEqualTo("a file\n");
        assertThat(fire.leftovers()).isEmpty();
    }

    // Odd names

    private static Stream<String> oddNames() {
        return Stream.of(
                "a b",
                " ",
                "a,b",
                "a:b",
                "a\\b",
                "a\\,b",
                "\\",
                ":",
                "a\"b",
                "a'b",
                "a\nb",
                "a\n,b:c\\",
                "a\tb",
                "größe 容器",
                "-a",
                "--",
                "a=b",
                "$HOME",
                "%s",
                "*",
                ",upperdir=x",
                "x".repeat(255));
    }

    @Test
    void oddNamesOfLayers() throws IOException {
        List<String> names = oddNames().toList();
        List<String> arguments = new ArrayList<>(List.of("--layer", rootfs()));
        Path odd = fire.host.directory().resolve("layers");
        for (int i = 0; i < names.size(); i++) {
            Path layer = Files.createDirectories(odd.resolve(names.get(i)));
            Files.writeString(layer.resolve("layer" + (char) ('a' + i)), names.get(i) + "|");
            arguments.addAll(List.of("--layer", layer.toString()));
        }
        arguments.addAll(List.of("sh", "-c", "cat /layer*; rm /layer*"));

        Result result = fire.host.execute(UTF_8 + fire.run(arguments.toArray(String[]::new)));

        assertThat(utf8(result.out())).as(result.err()).isEqualTo(String.join("|", names) + "|");
        assertThat(odd.toFile().list()).containsExactlyInAnyOrderElementsOf(names);
        for (String name : names) {
            assertThat(odd.resolve(name).toFile().list()).as(name).hasSize(1);
        }
        assertThat(fire.leftovers()).isEmpty();
        System.out.printf(Locale.ROOT, "fire: %d odd names of layers, left: 0%n", names.size());
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Test
    void anOddNameOfTheLabsHome() throws IOException {
        Path home = Files.createDirectories(fire.host.directory().resolve("a,b:c\\d e\nf"));

        Result result = fire.host.execute("export LAB_HOME='" + home + "'; "
                + fire.run("--layer", rootfs(), "sh", "-c", "echo own > /own; cat /own"));

        assertThat(result.out()).as(result.err()).isEqualTo("own\n");
        assertThat(home.resolve("containers")).isEmptyDirectory();
        assertThat(fire.leftovers()).isEmpty();
    }

    @Test
    void aNewlineInANameIsShownAsOne() throws IOException {
        fire.assertRefused(fire.host.run("--layer", "/no\nsuch", "true"), 125, "--layer /no\\nsuch: no such directory");
        fire.assertRefused(fire.host.run("--no\nsuch", "true"), 2, "Unknown option: '--no\\nsuch'");
        fire.assertRefused(fire.host.run("--memory", "1\nm", "true"), 2, "'1\\nm' is no size");
    }

    // Much

    @ParameterizedTest(name = "{0} layers")
    @ValueSource(ints = {100, 600})
    void manyLayers(int count) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--layer", rootfs()));
        for (int i = 0; i < count; i++) {
            Path layer = Files.createDirectories(fire.host.directory().resolve("" + i));
            Files.writeString(layer.resolve("layer" + i), "");
            arguments.addAll(List.of("--layer", layer.toString()));
        }
        arguments.addAll(List.of("sh", "-c", "ls / | grep -c layer"));

        Result result = fire.host.run(arguments.toArray(String[]::new));

        if (count < 500) {
            assertThat(result.out()).as(result.err()).isEqualTo(count + "\n");
            assertThat(fire.leftovers()).isEmpty();
        } else {
            fire.assertRefused(result, 2, "mount(\"overlay\"", "the kernel takes 4095; fewer layers");
        }
    }

    @Test
    void theSameLayerTwice() throws IOException {
        Result result = fire.host.run("--layer", rootfs(), "--layer", rootfs(), "true");

        fire.assertRefused(result, 125, "mount(\"overlay\"", "ELOOP", "a layer is given twice");
    }

    @Test
    void aCommandLineOf100kB() throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "echo $#; printf %s \"$@\" | wc -c", "sh"));
        for (int i = 0; i < 1000; i++) {
            command.add("x".repeat(100));
        }
        assertThat(fire.host.run(command.toArray(String[]::new)).out()).isEqualTo("1000\n100000\n");

        String longest = "x".repeat((128 << 10) - 1); // execve(2): 32 pages, with the zero at the end
        assertThat(fire.host.run("sh", "-c", "echo ${#1}", "sh", longest).out()).isEqualTo(longest.length() + "\n");
        assertThat(fire.leftovers()).isEmpty();
    }

    /** A quarter of the stack's limit is for arguments: `run` itself gets in, `child` has some more, and does not. */
    @Test
    void aCommandLineLongerThanTheKernelTakes() throws IOException {
        int limit = 1024 << 10 >> 2;
        List<String> command = new ArrayList<>(List.of("true"));
        command.addAll(Collections.nCopies(
                10, "x".repeat((limit - 3000) / 10 - fire.run().length() / 10 - 9)));
        Path script = fire.host.directory().resolve("script");
        Result result;
        do {
            Files.writeString(script, "ulimit -s 1024; exec " + fire.run(command.toArray(String[]::new)));
            result = fire.host.execute("exec env -i LAB_HOME=\"$LAB_HOME\" PATH=\"$PATH\" sh " + script);
            command.add("x".repeat(300));
        } while (result.exit() == 0);

        fire.assertRefused(result, 125, "posix_spawnp(\"/proc/self/exe\"", "E2BIG", "are too long");
    }

    @Test
    void aGibibyteThroughStandardOutput() throws IOException {
        String gibibyteOfZeros = "49bc20df15e412a64472421e13fe86ff1c5165e18b2afccf160d4dc19fe68a14";

        Result result = fire.host.execute(fire.run("dd", "if=/dev/zero", "bs=1M", "count=1024") + " | sha256sum");

        assertThat(result.out()).as(result.err()).isEqualTo(gibibyteOfZeros + "  -\n");
        assertThat(fire.leftovers()).isEmpty();
        System.out.println("fire: 1 GiB through standard output, its SHA-256 right; left: 0");
    }

    // Closed

    @Test
    void whoReadsItsOutputEndsEarly() throws IOException {
        Result result = fire.host.execute(
                "{ " + fire.run("sh", "-c", "yes; echo yes $? >&2; exit 5") + "; echo run $? >&2; } | head -n 1");

        assertThat(result.out()).isEqualTo("y\n");
        assertThat(result.err()).as("SIGPIPE").contains("yes 141\n").contains("run 5\n");
        assertThat(fire.leftovers()).isEmpty();
    }

    /** The JVM's first files take the place of what is closed; none of them may get inside. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"<&-,0", ">&-,1", "2>&-,2", "<&- >&- 2>&-,012"})
    void standardStreamsAreClosed(String closed, String descriptors) throws IOException {
        String script = "echo out; echo err >&2; read line; exec sleep 1000";
        try (Running running =
                fire.host.execute(List.of("sh", "-c", "exec " + fire.run("sh", "-c", script) + " " + closed))) {
            running.closeInput();
            Proc command = running.command("sleep", "1000");

            for (String descriptor : descriptors.split("")) {
                Path file = Path.of("/proc", "" + command.pid(), "fd", descriptor);
                String open = Files.isSymbolicLink(file) ? "" + Files.readSymbolicLink(file) : "closed";
                assertThat(open).isIn("closed", "/dev/null"); // Java never closes one of these, but sends it there
            }
            ProcessHandle.of(command.pid()).orElseThrow().destroyForcibly();
            assertThat(running.result().exit()).isEqualTo(137);
        }
        assertThat(fire.leftovers()).isEmpty();
    }
}
