package workshop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static testkit.Running.waitUntil;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import testkit.Host;
import testkit.Privileged;
import testkit.Proc;
import testkit.Program;
import testkit.Result;
import testkit.Running;

/** {@code xray} says what the kernel says; the rows that a step flips are these; and the book's tables are true. */
@Privileged
class XrayIT {
    private static final Map<Integer, List<String>> FLIPPED = Map.of(
            1, List.of(),
            2, List.of("hostname", "uts namespace"),
            3, List.of("PID", "pid namespace", "root", "mounts seen"),
            4, List.of("mnt namespace", "mounts hidden from the host"),
            5, List.of("pids cgroup", "pids limit", "pids in use", "memory cgroup", "memory limit", "memory in use"),
            6, List.of("file system of the root"));

    static List<Integer> steps() throws IOException {
        return Steps.all();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aStepFlipsItsRowsOnly(int step) throws IOException {
        try (Host host = new Host(Program.ofJar(Steps.jar(step)));
                Running running = host.start(XrayRecorder.arguments(step).toArray(String[]::new))) {
            Proc command = running.command("sleep", "1000");
            XrayView view = XrayRecorder.look(host);

            List<String> differ = new ArrayList<>();
            for (int i = 1; i <= step; i++) {
                differ.addAll(FLIPPED.get(i));
            }
            assertThat(view.rows())
                    .filteredOn(XrayView.Row::differs)
                    .extracting(XrayView.Row::name)
                    .containsExactlyInAnyOrderElementsOf(differ);
            agreesWithTheKernel(view, command, host);

            XrayView now = XrayRecorder.scrubbed(XrayRecorder.hideTheHarness(view, host));
            XrayView kept = XrayRecorder.scrubbed(XrayView.read(XrayRecorder.file(step)));
            assertThat(now.rows())
                    .as("docs/xray, which sudo ./lab record xray records anew")
                    .containsExactlyElementsOf(kept.rows());
            assertThat(now).isEqualTo(kept);
        }
    }

    private static void agreesWithTheKernel(XrayView view, Proc command, Host host) throws IOException {
        Map<String, XrayView.Row> rows = new TreeMap<>();
        view.rows().forEach(row -> rows.put(row.name(), row));
        assertThat(rows).hasSameSizeAs(view.rows());

        for (String kind : List.of("uts", "pid", "mnt", "ipc", "net", "user", "cgroup")) {
            assertThat(kind + ":[" + rows.get(kind + " namespace").host() + "]")
                    .isEqualTo(host.init().namespace(kind));
            assertThat(kind + ":[" + rows.get(kind + " namespace").container() + "]")
                    .isEqualTo(command.namespace(kind));
        }
        // Seen from here, the host is one PID namespace further in.
        String[] pids = command.status("NSpid").split("\\s+");
        assertThat(rows.get("PID").host()).isEqualTo(pids[1]).isEqualTo("" + view.pid());
        assertThat(rows.get("PID").container()).isEqualTo("" + command.pidInside());
        assertThat(rows.get("hostname").host()).isEqualTo(Host.NAME);
        assertThat(rows.get("hostname").container())
                .isEqualTo(rows.get("uts namespace").differs() ? "container" : Host.NAME);
        assertThat(rows.get("root").container())
                .isEqualTo(Files.readSymbolicLink(command.root()).toString());
        assertThat(rows.get("mounts seen").container().split(":")[0])
                .isEqualTo("" + command.mounts().size());
        assertThat(rows.get("mounts seen").host().split(",")[0])
                .isEqualTo("" + host.init().mounts().size());
        for (String controller : List.of("pids", "memory")) {
            Path group = command.cgroup(controller);
            String shown = rows.get(controller + " cgroup").container().replaceAll(" \\(v[12]\\)$", "");
            assertThat(Files.readAllLines(Path.of("/proc/" + command.pid() + "/cgroup")))
                    .anyMatch(line -> line.endsWith(":" + shown));
            if (rows.get(controller + " cgroup").differs()) {
                Path limit = Files.exists(group.resolve(controller + ".max"))
                        ? group.resolve(controller + ".max")
                        : group.resolve("memory.limit_in_bytes");
                assertThat(Files.readString(limit).strip())
                        .isEqualTo(controller.equals("pids") ? "20" : "" + (100L << 20));
            }
        }
        if (rows.get("pids limit").differs()) {
            assertThat(rows.get("pids limit").container()).isEqualTo("20");
            assertThat(rows.get("memory limit").container()).isEqualTo("100 MiB");
            assertThat(rows.get("pids in use").container()).isEqualTo("1");
        }
        boolean all = command.status("CapEff").matches("0*1f*");
        assertThat(rows.get("capabilities").container().matches("all \\d+")).isEqualTo(all);
    }

    @Test
    void theBooksTablesHaveTheSameRowsInTheSameOrder() throws IOException {
        List<String> first = null;
        for (int step : Steps.all()) {
            List<String> names = XrayView.read(XrayRecorder.file(step)).rows().stream()
                    .map(XrayView.Row::name)
                    .toList();
            first = first == null ? names : first;
            assertThat(names).isEqualTo(first);
        }
    }

    @Test
    void aProcessInsideOrRunItselfIsItsContainer() throws IOException {
        try (Host host = new Host(Program.ofJar(Steps.jar(4)));
                Running older = host.start("sh", "-c", "sleep 1000 & exec sleep 2000")) {
            Proc command = older.command("sleep", "2000");
            Proc child = older.command("sleep", "1000");
            String inside = onHost(child);
            String first = onHost(command);
            String run = onHost(older.run());
            try (Running newer = host.start("sleep", "3000")) {
                String newest = onHost(newer.command("sleep", "3000"));

                assertThat(xray(host).out()).startsWith("Process " + newest + ": sleep 3000, in ./lab run 4 sleep");
                assertThat(xray(host, run).out()).startsWith("Process " + first + ": sleep 2000");
                assertThat(xray(host, inside).out())
                        .startsWith("Process " + inside + ": sleep 1000, in ./lab run 4 sh -c 'sleep")
                        .containsPattern("\\n\\* PID +" + inside + " +" + child.pidInside() + "\\n")
                        .containsPattern("\\n  ipc namespace ")
                        .doesNotContain("\033");
            }
        }
    }

    @Test
    void aChildThatIsNotYetTheCommandIsNoContainer() throws Exception {
        try (Host host = new Host(Program.ofJar(Steps.jar(2)))) {
            boolean caught = false;
            for (int i = 0; i < 10 && !caught; i++) { // on a busy machine it may be the command before we look
                caught = isNoContainerWhileStopped(host);
            }
            assertThat(caught).isTrue();
        }
    }

    private static boolean isNoContainerWhileStopped(Host host) throws Exception {
        try (Running running = host.start("sleep", "1000")) {
            ProcessHandle run = ProcessHandle.of(running.run().pid()).orElseThrow();
            List<Long> child = new ArrayList<>();
            waitUntil("child starts", () -> {
                run.children()
                        .map(ProcessHandle::pid)
                        .filter(pid -> !new Proc(pid).cmdline().contains("run")) // no more a copy of run
                        .forEach(child::add);
                return !child.isEmpty();
            });
            String pid = child.get(0).toString();
            new ProcessBuilder("kill", "-STOP", pid).start().waitFor();
            if (!new Proc(child.get(0)).cmdline().contains("container.Child")) {
                return false;
            }
            Running.setLimit(1);
            try {
                assertThatThrownBy(() -> Containers.of(run.pid())).hasMessageContaining("has started");
            } finally {
                Running.setLimit(Running.LIMIT);
            }
            // SIGCONT: procps does not know it by its name under tr_TR
            assertThat(new ProcessBuilder("kill", "-18", pid).start().waitFor()).isZero();
            assertThat(Containers.of(run.pid()).cmdline()).containsExactly("sleep", "1000");
            return true;
        }
    }

    private static String onHost(Proc proc) {
        return proc.status("NSpid").split("\\s+")[1];
    }

    private static Result xray(Host host, String... arguments) throws IOException {
        try (Running running = XrayRecorder.start(host, arguments)) {
            return running.result();
        }
    }

    @Test
    void whatIsThereNoMoreIsOneLine() throws IOException {
        try (Host host = new Host(Program.ofJar(Steps.jar(1)))) {
            isOneLine(xray(host), 1, "lab: no container is running");
            isOneLine(xray(host, "999999999"), 1, "lab: there is no process 999999999");
            isOneLine(xray(host, "0"), 1, "lab: there is no process 0");
            try (Running running = host.start("sh", "-c", "true & exec sleep 1000")) {
                Proc parent = running.command("sleep", "1000");
                waitUntil("its child is a zombie", () -> zombie(parent).isPresent());
                isOneLine(xray(host, onHost(zombie(parent).orElseThrow())), 1, "lab: process ", "zombie");
            }
        }
    }

    private static Optional<Proc> zombie(Proc parent) {
        return parent.descendants().filter(child -> !child.exists()).findFirst();
    }

    private static void isOneLine(Result result, int exit, String... parts) {
        assertThat(result.err()).hasLineCount(1).contains(parts);
        assertThat(result.out()).isEmpty();
        assertThat(result.exit()).isEqualTo(exit);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1.5", "99999999999999999999"})
    void whatIsNoPidIsOneLine(String pid) throws IOException {
        try (Host host = new Host(Program.ofJar(Steps.jar(1)))) {
            isOneLine(xray(host, pid), 2, "lab: ", pid);
        }
    }

    /** A process that has more capabilities than we have: ptrace(2). */
    @Test
    void rootIsNotToldToBecomeRoot() throws IOException {
        try (Host host = new Host(Program.ofJar(Steps.jar(1)));
                Running running = host.start("sleep", "1000")) {
            String pid = onHost(running.command("sleep", "1000"));
            try (Running xray = host.execute(List.of(
                    "setpriv",
                    "--bounding-set=-sys_ptrace,-sys_admin",
                    "--inh-caps=-sys_ptrace,-sys_admin",
                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                    "-jar",
                    System.getProperty("jar"),
                    "xray",
                    pid))) {
                isOneLine(xray.result(), 1, "lab: process " + pid + " may not be looked at, not even by you");
            }
        }
    }

    @Test
    void aThreadOfTheKernelIsNamed() {
        assertThatThrownBy(() -> XrayLook.look(new Proc(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("process 2, kthreadd, is a thread of the kernel: nothing to see");
    }

    /** Short-lived ones, each at another moment of its life. */
    @Test
    void aProcessThatEndsMeanwhileIsSeenOrSaidToHaveEnded() throws IOException {
        int ended = 0;
        for (int i = 0; i < 300; i++) {
            Process process = new ProcessBuilder("true").start();
            try {
                assertThat(XrayLook.look(new Proc(process.pid())).rows()).isNotEmpty();
            } catch (IOException | IllegalArgumentException e) {
                assertThat(e)
                        .hasMessageMatching("(there is no )?process \\d+( has ended( meanwhile|: it is a zombie.*))?");
                ended++;
            }
        }
        assertThat(ended).isPositive();
    }

    @Test
    void withoutRootAnotherUsersProcessIsOneLine() throws Exception {
        Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "lab-xray");
        try {
            Files.copy(Path.of(System.getProperty("jar")), directory.resolve("workshop.jar"));
            assertThat(directory.toFile().setExecutable(true, false)
                            && directory.toFile().setReadable(true, false))
                    .isTrue();
            Process process = new ProcessBuilder(
                            "setpriv",
                            "--reuid=65534",
                            "--regid=65534",
                            "--clear-groups",
                            System.getProperty("java.home") + "/bin/java",
                            "-jar",
                            directory.resolve("workshop.jar").toString(),
                            "xray",
                            "" + ProcessHandle.current().pid())
                    .redirectErrorStream(true)
                    .start();
            assertThat(process.inputReader().lines())
                    .containsExactly("lab: process " + ProcessHandle.current().pid()
                            + " is another user's: sudo ./lab xray "
                            + ProcessHandle.current().pid());
            assertThat(process.waitFor()).isEqualTo(1);
        } finally {
            syscalls.Leftovers.deleteTree(directory);
        }
    }
}
