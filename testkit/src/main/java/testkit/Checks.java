package testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static testkit.Running.waitUntil;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What each step promises, in the order in which the steps come. */
public final class Checks {
    /** The function's name is one that bash takes, and busybox does not. */
    private static final String BOMB = "{ :() { :|:& };:; } & exec sleep 1000";

    private static final List<String> HOG = List.of("dd", "if=/dev/zero", "of=/dev/null", "bs=200M", "count=1");
    private static final long MIB_100 = 100L << 20;

    private static final List<Check> ALL = List.of(
            new Check(
                    1,
                    "exit-code",
                    "the command's exit code is run's own",
                    "waitpid, and exitStatus() of what spawn throws",
                    "wait(2), WEXITSTATUS",
                    Checks::exitCode),
            new Check(
                    1,
                    "arguments",
                    "the command has its arguments, those that look like options too",
                    "setStopAtPositional(true), setExpandAtFiles(false)",
                    "execve(2), argv",
                    Checks::arguments),
            new Check(
                    1,
                    "streams",
                    "input, output and errors pass through",
                    "spawn(command)",
                    "posix_spawn(3), DESCRIPTION",
                    Checks::streams),
            new Check(
                    1,
                    "usage",
                    "no subcommand, or a wrong one: usage and exit code 2",
                    "badUsage",
                    "bash(1), EXIT STATUS",
                    Checks::usage),
            new Check(
                    1,
                    "nothing-leaks",
                    "the command gets nothing of the JVM",
                    "spawn: close_range, sigprocmask",
                    "execve(2), Effect on process attributes",
                    Checks::leaks),
            new Check(
                    1,
                    "terminal",
                    "a shell on a terminal has job control",
                    "spawn: the inherited terminal",
                    "credentials(7), Process group ID and session ID",
                    Checks::terminal),
            new Check(
                    1,
                    "ctrl-c",
                    "Ctrl-C is the command's, not run's",
                    "spawn: signal(SIGINT, SIG_IGN)",
                    "system(3), DESCRIPTION",
                    Checks::ctrlC),
            new Check(
                    1,
                    "terminal-back",
                    "run gives the terminal back",
                    "waitpid: tcsetpgrp",
                    "tcsetpgrp(3), DESCRIPTION",
                    Checks::terminalBack),
            new Check(
                    1,
                    "background",
                    "after Ctrl-Z and bg, run leaves the terminal to others",
                    "waitpid: tcsetpgrp only if the group in the foreground has gone",
                    "tcgetpgrp(3), DESCRIPTION",
                    Checks::background),
            new Check(
                    1,
                    "foreground",
                    "after Ctrl-Z and fg, the command has the terminal again",
                    "spawn: the inherited terminal and process group",
                    "credentials(7), Process group ID and session ID",
                    Checks::foreground),
            new Check(
                    1,
                    "window-size",
                    "the command learns of a new window size",
                    "spawn: the inherited terminal",
                    "ioctl_tty(2), Get and set window size",
                    Checks::windowSize),
            new Check(
                    1,
                    "nothing-left",
                    "nothing is left when it has ended",
                    "clean-up in a finally block",
                    "umount(2) and rmdir(2), DESCRIPTION",
                    Checks::nothingLeft),
            new Check(
                    2,
                    "uts-namespace",
                    "a UTS namespace of its own",
                    "unshare(CLONE_NEWUTS), on the thread that spawns",
                    "unshare(2), CLONE_NEWUTS",
                    Checks::utsNamespace),
            new Check(
                    2,
                    "hostname",
                    "its host name is container, the host's stays",
                    "sethostname(\"container\") in child",
                    "uts_namespaces(7), DESCRIPTION",
                    Checks::hostname),
            new Check(
                    2,
                    "environment",
                    "a clean environment",
                    "the environment given to execve",
                    "execve(2), envp",
                    Checks::environment),
            new Check(
                    2,
                    "sigterm",
                    "kill -TERM of run ends the container",
                    "launch, and spawn within it",
                    "signal(7), Standard signals",
                    Checks::sigterm),
            new Check(
                    2,
                    "sigkill",
                    "kill -9 of run kills the container",
                    "dieWithParent: prctl(PR_SET_PDEATHSIG, SIGKILL)",
                    "prctl(2), PR_SET_PDEATHSIG",
                    Checks::sigkill),
            new Check(
                    3,
                    "pid-1",
                    "the command is PID 1 of a PID namespace",
                    "unshare(CLONE_NEWPID) on the thread that spawns, and execve in child",
                    "pid_namespaces(7), The namespace init process",
                    Checks::pid1),
            new Check(
                    3,
                    "root",
                    "its root is the root file system",
                    "chroot(rootfs)",
                    "chroot(2), DESCRIPTION",
                    Checks::root),
            new Check(
                    3,
                    "working-directory",
                    "it starts in its own /",
                    "chdir(\"/\") after chroot",
                    "chroot(2), DESCRIPTION",
                    Checks::workingDirectory),
            new Check(
                    3,
                    "proc",
                    "/proc shows its processes only, and is nosuid, nodev, noexec",
                    "mount(\"proc\", \"/proc\", \"proc\", MS_NOSUID | …) in child, after chroot",
                    "pid_namespaces(7), /proc and PID namespaces",
                    Checks::proc),
            new Check(
                    4,
                    "mount-namespace",
                    "a mount namespace of its own",
                    "unshare(CLONE_NEWNS), on the thread that spawns",
                    "unshare(2), CLONE_NEWNS",
                    Checks::mountNamespace),
            new Check(
                    4,
                    "private-mounts",
                    "the host sees none of its mounts",
                    "mount(\"none\", \"/\", null, MS_REC | MS_PRIVATE, null) in child, before all other mounts",
                    "mount_namespaces(7), SHARED SUBTREES",
                    Checks::privateMounts),
            new Check(
                    4,
                    "no-mount-left",
                    "kill -9 of run leaves no mount",
                    "unshare(CLONE_NEWNS), MS_PRIVATE",
                    "mount_namespaces(7), SHARED SUBTREES",
                    Checks::noMountLeft),
            new Check(
                    5,
                    "pids-max",
                    "20 processes at most",
                    "write(pids.max); and in child, cgroup.procs, opened before chroot",
                    "cgroups(7), Creating cgroups and moving processes",
                    Checks::pidsMax),
            new Check(
                    5,
                    "fork-bomb",
                    "a fork bomb is held",
                    "write(pids.max), and cgroup.procs in child",
                    "cgroups(7), Cgroups version 1 controllers",
                    Checks::forkBomb),
            new Check(
                    5,
                    "low-limit",
                    "a limit below the JVM's own number of threads works",
                    "cgroup.procs just before execve",
                    "cgroups(7), Creating cgroups and moving processes",
                    Checks::lowLimit),
            new Check(
                    5,
                    "memory",
                    "--memory kills what takes more, swap is shut",
                    "write(memory.max), or on v1 memory.limit_in_bytes",
                    "cgroups(7), Cgroups version 1 controllers",
                    Checks::memory),
            new Check(
                    5,
                    "cgroup-removed",
                    "its cgroup goes, that of a killed run with the next",
                    "removeGroup, and removeGroups for leftovers",
                    "cgroups(7), Removing cgroups",
                    Checks::cgroupRemoved),
            new Check(
                    6,
                    "overlay",
                    "its root is an overlay",
                    "mount(\"overlay\", …) with the layers as lowerdir, after MS_PRIVATE",
                    "mount(8), Mount options for overlay",
                    Checks::overlay),
            new Check(
                    6,
                    "layers-untouched",
                    "writes, deletions and renames land in its own layer",
                    "upperdir, workdir",
                    "mount(8), Mount options for overlay",
                    Checks::layersUntouched),
            new Check(
                    6,
                    "layers-shared",
                    "two containers share the layers and not what they write",
                    "an upperdir for each container",
                    "mount(8), Mount options for overlay",
                    Checks::layersShared),
            new Check(
                    6,
                    "layer-order",
                    "a higher layer hides a lower one",
                    "all layers in lowerdir, the highest first",
                    "mount(8), Mount options for overlay",
                    Checks::layerOrder),
            new Check(
                    6,
                    "keep",
                    "its layer goes at the end, and stays with --keep",
                    "umount2 and removeTree, --keep",
                    "umount(2), DESCRIPTION",
                    Checks::keep));

    private Checks() {}

    /** The checks of a step: first its own, then those of the steps before it. */
    public static List<Check> upTo(int step) {
        return Stream.concat(of(step).stream(), ALL.stream().filter(check -> check.step() < step))
                .toList();
    }

    /** The checks that a step is the first to pass. */
    public static List<Check> of(int step) {
        return ALL.stream().filter(check -> check.step() == step).toList();
    }

    private static void expect(boolean kept, String saw) {
        if (!kept) {
            throw new CheckFailure(saw);
        }
    }

    // Step 1

    private static String arguments(Host host) throws IOException {
        String script = "sleep 1000; :";
        List<String> command = List.of("sh", "-c", script, "sh", "-x", "@/etc/passwd", "*", "a b", "");
        try (Running running = host.start(command.toArray(String[]::new))) {
            List<String> words = running.find(
                            "the command " + command + " runs",
                            proc -> proc.cmdline().get(0).equals("sh")
                                    && proc.cmdline().get(2).equals(script))
                    .cmdline();
            expect(words.equals(command), "the command " + command + " has become " + words);
            return "" + words;
        }
    }

    private static String exitCode(Host host) throws IOException {
        Result ended = host.run("false");
        expect(ended.exit() == 1, "the exit code of false, 1, became " + ended.exit() + saying(ended));
        try (Running running = host.start("sleep", "1000")) { // killed from outside: PID 1 cannot kill itself
            ProcessHandle.of(running.command("sleep", "1000").pid())
                    .orElseThrow()
                    .destroyForcibly();
            int signal = running.result().exit();
            expect(signal == 137, "a command killed by signal 9 became " + signal + ", not 137");
        }
        int missing = host.run("no-such-command").exit();
        expect(missing == 127, "a command that does not exist became " + missing + ", not 127");
        int notExecutable = host.run("/etc/passwd").exit();
        expect(notExecutable == 126, "a file that is not executable became " + notExecutable + ", not 126");
        return "1 is 1; killed is 137; not found is 127; not executable is 126";
    }

    private static String saying(Result result) {
        return result.err().isBlank() ? "" : ":\n" + result.err().strip();
    }

    private static String streams(Host host) throws IOException {
        String text = "0123456789abcde\n".repeat(1 << 16);
        try (Running running = host.start("sh", "-c", "cat; echo problem >&2")) {
            running.type(text).closeInput();
            Result result = running.result();
            expect(
                    result.out().equals(text),
                    "of 1 MiB through cat came " + result.out().length() + " bytes");
            expect(result.err().endsWith("problem\n"), "standard error was: " + result.err());
            expect(result.err().startsWith("Running [sh, -c, "), "standard error began: " + result.err());
        }
        int shell = host.run("sh").exit();
        expect(shell == 0, "a shell at the end of its input ended with " + shell);
        return "1 MiB through cat; standard error apart; end of input";
    }

    private static String usage(Host host) throws IOException {
        for (List<String> arguments : List.of(List.<String>of(), List.of("walk"))) {
            try (Running running = host.start(arguments)) {
                Result result = running.result();
                expect(result.exit() == 2, arguments + " exited with " + result.exit());
                expect(result.err().contains("Usage: ") && !result.err().contains("\tat "), "printed " + result.err());
            }
        }
        return "exit code 2";
    }

    private static String leaks(Host host) throws IOException {
        Proc command = host.sleeping().command("sleep", "1000");
        Set<String> open = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("/proc", "" + command.pid(), "fd"))) {
            files.forEach(file -> open.add(file.getFileName().toString()));
        }
        expect(open.equals(Set.of("0", "1", "2")), "open files: " + open);
        expect(mask(command, "SigBlk") == 0, "blocked signals: " + command.status("SigBlk"));
        // 32 and 33 are glibc's own: its posix_spawn ignores them in every child.
        long ignored = mask(command, "SigIgn") & ~(3L << 31);
        expect(ignored == 0, "ignored signals: " + command.status("SigIgn"));
        String limit = host.execute("ulimit -Sn 517 && " + host.typed("sh", "-c", "ulimit -n"))
                .out()
                .strip();
        expect(limit.equals("517"), "the limit on open files, 517, has become " + limit);
        return "open: 0 1 2; no signal blocked or ignored; limits as they were";
    }

    private static long mask(Proc proc, String field) {
        return Long.parseUnsignedLong(proc.status(field), 16);
    }

    private static String terminal(Host host) throws IOException {
        try (Running running = host.startOnTerminal("sh", "-i")) {
            running.type("sleep 1000 & jobs; echo in''teractive $-\n").awaitOutput("interactive");
            expect(!running.out().contains("job control"), "the shell says: " + running.out());
            running.type("kill %1; exit 7\n");
            int exit = running.result().exit();
            expect(exit == 7, "exit 7 in the shell became " + exit);
        }
        return "sh -i runs a job in the background";
    }

    private static String ctrlC(Host host) throws IOException {
        try (Running running = host.startOnTerminal(
                "sh", "-c", "trap 'echo tra\"\"pped; exit 9' INT; echo rea''dy; while :; do sleep 0.1; done")) {
            running.awaitOutput("ready").type("\u0003");
            Result result = running.result();
            expect(result.out().contains("trapped"), "the command got no SIGINT: " + result.out());
            expect(result.exit() == 9, "the command's exit code 9 became " + result.exit());
        }
        return "the command trapped it and ended with its own exit code";
    }

    private static String terminalBack(Host host) throws IOException {
        String[] shell = {"bash", "-i"};
        try (Running running = host.startOnTerminal("", shell, "; read line; echo read $line")) {
            running.type("echo in''teractive\n").awaitOutput("interactive");
            ProcessHandle inside =
                    ProcessHandle.of(running.command(shell).pid()).orElseThrow();
            running.type("exit\n");
            waitUntil("the shell ends", () -> !inside.isAlive());
            running.type("hello\n");
            try {
                running.awaitOutput("read hello");
            } catch (CheckFailure e) {
                throw new CheckFailure("the script that called run cannot read from the terminal any more");
            }
        }
        return "the script that called run reads on";
    }

    private static String background(Host host) throws IOException {
        String[] shell = {"sh", "-c", "trap 'exit 0' USR1; echo rea''dy; while :; do sleep 0.1; done"};
        try (Running running = host.terminal(SHELL)) {
            stop(host, running, shell);
            Proc command = running.command(shell);
            running.type("bg; cat\n");
            Proc cat = running.command("cat");
            new ProcessBuilder("kill", "-USR1", "" + command.pid())
                    .start()
                    .onExit()
                    .join();
            waitUntil("the command and run end", () -> running.runs().isEmpty());
            try {
                // The first line is for a read that began before; only the next one asks who is in the foreground.
                running.type("first\n").awaitOutput("first\r\nfirst");
                running.type("next\n").awaitOutput("next\r\nnext");
            } catch (CheckFailure e) {
                throw new CheckFailure("cat, in the foreground when the command ended, reads no more; its state is "
                        + cat.status("State"));
            }
        }
        return "cat went on reading";
    }

    private static String foreground(Host host) throws IOException {
        String[] shell = {"sh", "-c", "echo rea''dy; read x; echo re''ad $x; exit 0"};
        try (Running running = host.terminal(SHELL)) {
            stop(host, running, shell);
            running.type("fg\n").type("hello\n").awaitOutput("read hello");
        }
        return "it read what was typed";
    }

    /** One that says "Stopped", whatever language the user's speaks. */
    private static final String SHELL = "exec env LC_ALL=C.UTF-8 bash --norc -i";

    /** Runs a command in a shell on a terminal, and types Ctrl-Z: it stops run; PID 1 of a container is not stopped. */
    private static void stop(Host host, Running shell, String... command) throws IOException {
        shell.type(host.typed(command) + "\n").awaitOutput("ready");
        shell.type("\u001a").awaitOutput("Stopped");
    }

    private static String windowSize(Host host) throws IOException {
        String loop = "trap 'stty size' WINCH; echo rea''dy; while :; do sleep 0.1; done";
        try (Running running = host.startOnTerminal("sh", "-c", loop)) {
            Path terminal =
                    running.awaitOutput("ready").command("sh", "-c", loop).descriptor(0);
            new ProcessBuilder("stty", "-F", terminal.toString(), "rows", "33", "cols", "111")
                    .start()
                    .onExit()
                    .join();
            running.awaitOutput("33 111");
        }
        return "33 rows, 111 columns";
    }

    private static String nothingLeft(Host host) throws IOException {
        List<String> before = host.init().mounts();
        Set<Path> groups = Set.copyOf(host.groups());
        Set<String> files = names(host.directory());
        for (String command : List.of("exit 0", "exit 3", "sleep 1000 & exit 0")) {
            host.run("sh", "-c", command);
        }
        host.run("no-such-command");
        List<String> mounts = new ArrayList<>(host.init().mounts());
        mounts.removeAll(before);
        expect(mounts.isEmpty(), "mounts left: " + mounts);
        expect(groups.equals(Set.copyOf(host.groups())), "cgroups left: " + host.groups());
        Set<String> left = names(host.directory());
        left.removeAll(files);
        expect(left.isEmpty(), "files left: " + left);
        return "no mount, no cgroup, no directory";
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory, 2)) {
            return files.map(Path::toString)
                    .filter(name -> !name.matches(".*/(out|err)\\d+") && !name.endsWith("/containers"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    // Step 2

    private static String ownNamespace(Host host, String type, String called) throws IOException {
        String own = host.sleeping().command("sleep", "1000").namespace(type);
        String hosts = host.init().namespace(type);
        expect(!own.equals(hosts), "its " + called + " namespace is the host's, " + own);
        return own + ", the host's is " + hosts;
    }

    private static String utsNamespace(Host host) throws IOException {
        return ownNamespace(host, "uts", "UTS");
    }

    private static String hostname(Host host) throws IOException {
        String inside = host.run("hostname").out().trim();
        expect(host.hostname().equals(Host.NAME), "the host's name has become " + host.hostname());
        expect(inside.equals("container"), "hostname prints " + inside + " inside");
        return inside + " inside, " + host.hostname() + " outside";
    }

    private static String environment(Host host) throws IOException {
        List<String> variables = host.sleeping().command("sleep", "1000").environ();
        Set<String> names = variables.stream()
                .map(variable -> variable.split("=")[0])
                .collect(Collectors.toCollection(TreeSet::new));
        expect(names.equals(Set.of("HOME", "PATH", "TERM", "container")), "it has the host's environment: " + names);
        expect(variables.contains("TERM=xterm"), "TERM is not the terminal's: " + variables);
        return String.join(" ", names);
    }

    private static String sigterm(Host host) throws IOException {
        try (Running running = host.start("sleep", "1000")) {
            Proc command = running.command("sleep", "1000");
            ProcessHandle.of(running.run().pid()).orElseThrow().destroy();
            int exit = running.result().exit();
            expect(!command.exists(), "run has ended, and the command runs on as process " + command.pid());
            expect(exit == 143, "run exited with " + exit + ", not 143");
        }
        return "exit code 143, the command is gone";
    }

    private static String sigkill(Host host) throws IOException {
        try (Running running = host.start("sleep", "1000")) {
            Proc command = running.command("sleep", "1000");
            ProcessHandle.of(running.run().pid()).orElseThrow().destroyForcibly();
            running.result();
            try {
                waitUntil("the command ends", () -> !command.exists());
            } catch (CheckFailure e) {
                throw new CheckFailure("run has ended, and the command runs on as process " + command.pid());
            }
        }
        return "the command is gone";
    }

    // Step 3

    private static String pid1(Host host) throws IOException {
        Proc command = host.sleeping().command("sleep", "1000");
        expect(command.pidInside() == 1, "it is process " + command.pidInside() + " in its PID namespace");
        return "PID 1 inside, PID " + command.pid() + " outside";
    }

    private static String root(Host host) throws IOException {
        Proc command = host.sleeping().command("sleep", "1000");
        boolean same = Files.exists(command.root().resolve("etc").resolve(Host.NAME));
        expect(same, "its root is the host's, " + Files.readSymbolicLink(command.root()));
        return command.root() + " -> " + Files.readSymbolicLink(command.root());
    }

    private static String workingDirectory(Host host) throws IOException {
        Proc command = host.sleeping().command("sleep", "1000");
        expect(
                Files.isSameFile(command.cwd(), command.root()),
                "its working directory is outside of its root, " + Files.readSymbolicLink(command.cwd()));
        return command.cwd() + " -> " + Files.readSymbolicLink(command.cwd());
    }

    private static String proc(Host host) throws IOException {
        host.sleeping();
        boolean over = host.newMounts().stream().anyMatch(line -> line.split(" ")[4].equals("/proc"));
        expect(!over, "it is mounted over the host's own /proc");
        try (Running running = host.start("sh", "-c", "sleep 1000 & exec sleep 2000")) {
            Proc command = running.command("sleep", "2000");
            waitUntil("there are two processes", () -> command.descendants().count() == 1);
            Set<String> shown;
            try (Stream<Path> files = Files.list(command.root().resolve("proc"))) {
                shown = files.map(file -> file.getFileName().toString())
                        .filter(name -> name.matches("\\d+"))
                        .collect(Collectors.toCollection(TreeSet::new));
            }
            expect(shown.size() == 2 && shown.contains("1"), "/proc shows the processes " + shown);
            String mount = command.mounts().stream()
                    .filter(line -> line.contains(" /proc "))
                    .findFirst()
                    .orElse("");
            for (String option : List.of("nosuid", "nodev", "noexec")) {
                expect(mount.contains(option), "/proc is mounted without " + option + ": " + mount);
            }
            return "processes " + shown + "; " + mount.substring(mount.indexOf(" /proc ") + 1);
        }
    }

    // Step 4

    private static String mountNamespace(Host host) throws IOException {
        return ownNamespace(host, "mnt", "mount");
    }

    private static String privateMounts(Host host) throws IOException {
        Proc command = host.sleeping().command("sleep", "1000");
        expect(rootMount(host.init()).contains(" shared:"), "the host's own mounts are no longer shared");
        List<String> seen = host.newMounts();
        expect(seen.isEmpty(), "the host sees " + seen);
        return command.mounts().size() + " inside, none of them on the host, whose / is shared";
    }

    private static String noMountLeft(Host host) throws IOException {
        sigkill(host);
        List<String> left = host.newMounts();
        expect(left.isEmpty(), "left on the host: " + left);
        return "none on the host";
    }

    // Step 5

    private static String pidsMax(Host host) throws IOException {
        Running running = host.sleeping();
        Path group = ownGroup(host, running, running.command("sleep", "1000"), "pids");
        String limit = Files.readString(group.resolve("pids.max")).trim();
        expect(limit.equals("20"), "pids.max is " + limit);
        String current = Files.readString(group.resolve("pids.current")).trim();
        expect(current.equals("1"), "pids.current is " + current + " for one process");
        return group + ": pids.max " + limit + ", pids.current " + current;
    }

    private static Path ownGroup(Host host, Running running, Proc command, String controller) throws IOException {
        Path group = command.cgroup(controller);
        expect(!group.equals(running.run().cgroup(controller)), "it is in no cgroup of its own: " + group);
        return group;
    }

    private static long counter(Path file, String key) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(key + " "))
                .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static String forkBomb(Host host) throws IOException {
        try (Running running = host.start("bash", "-c", BOMB)) {
            Proc command = running.command("sleep", "1000");
            Path group = command.cgroup("pids");
            waitUntil(
                    "the bomb meets a limit",
                    () -> counter(group.resolve("pids.events"), "max") > 0
                            || host.guard().isPresent());
            String guard = "only the guard of " + Host.PIDS_MAX + " processes around this check held the bomb";
            expect(!group.equals(running.run().cgroup("pids")), guard);
            long most = 0;
            for (int sample = 0; sample < 1000; sample++) {
                most = Math.max(
                        most,
                        Long.parseLong(
                                Files.readString(group.resolve("pids.current")).trim()));
            }
            expect(most <= 20, "pids.current was " + most + ": " + guard);
            Result usable = host.run("true");
            expect(usable.exit() == 0, "beside the bomb, no other container can run: " + usable.err());
            return "pids.current never above " + most + ", pids.events: max "
                    + counter(group.resolve("pids.events"), "max");
        }
    }

    private static String lowLimit(Host host) throws IOException {
        for (int limit : List.of(1, 3)) {
            Result result = host.run("--pids-limit", "" + limit, "sh", "-c", "exit 5");
            expect(result.exit() == 5, "--pids-limit " + limit + ": exit code " + result.exit() + ", " + result.err());
        }
        return "--pids-limit 1 runs a command of one process";
    }

    private static String memory(Host host) throws IOException {
        String[] arguments = {"--memory", "100m", "sh", "-c", String.join(" ", HOG) + "; echo hog $?; exec sleep 1000"};
        try (Running running = host.start(arguments)) {
            Proc command = running.awaitOutput("hog ").command("sleep", "1000");
            String hog = running.out().strip();
            expect(hog.equals("hog 137"), "with --memory 100m, what takes 200 MB was not killed: " + hog);
            Path group = ownGroup(host, running, command, "memory");
            boolean v2 = Files.exists(group.resolve("memory.max"));
            String limit = Files.readString(group.resolve(v2 ? "memory.max" : "memory.limit_in_bytes"))
                    .trim();
            expect(limit.equals("" + MIB_100), "the limit is " + limit);
            Path swap = group.resolve(v2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes");
            if (Files.exists(swap)) {
                String shut = Files.readString(swap).trim();
                expect(shut.equals(v2 ? "0" : limit), swap.getFileName() + " is " + shut);
            }
            long kills = counter(group.resolve(v2 ? "memory.events" : "memory.oom_control"), "oom_kill");
            expect(kills == 1, "oom_kill is " + kills);
            List<String> alone = new ArrayList<>(List.of("--memory", "100m"));
            alone.addAll(HOG);
            int exit = host.run(alone.toArray(String[]::new)).exit();
            expect(exit == 137, "the hog as PID 1 ended with " + exit + ", not 137");
            return "limit " + limit + ", oom_kill " + kills + ", exit code 137";
        }
    }

    private static String cgroupRemoved(Host host) throws IOException {
        Set<Path> before = Set.copyOf(host.groups());
        try (Running running = host.start("sleep", "1000")) {
            Proc command = running.command("sleep", "1000");
            ownGroup(host, running, command, "pids");
            ProcessHandle.of(running.run().pid()).orElseThrow().destroyForcibly();
            running.result();
            waitUntil("the command ends", () -> !command.exists());
        }
        expect(host.groups().size() == before.size() + 1, "a killed run's cgroups: " + host.groups());
        host.run("true");
        expect(before.equals(Set.copyOf(host.groups())), "left after the next run: " + host.groups());
        return "none after the end; a killed run's until the next";
    }

    // Step 6

    private static String overlay(Host host) throws IOException {
        Proc command = host.sleeping().command("sleep", "1000");
        String mount = rootMount(command);
        expect(mount.contains(" - overlay "), "its root is no overlay: " + mount);
        String lower = option(mount, "lowerdir");
        expect(lower.equals(host.rootfs().toString()), "its lowerdir is " + lower + ", not the layer " + host.rootfs());
        expect(host.newMounts().isEmpty(), "the host sees it: " + host.newMounts());
        return mount.substring(mount.indexOf(" - ") + 3);
    }

    private static String rootMount(Proc command) {
        return command.mounts().stream()
                .filter(line -> line.split(" ")[4].equals("/"))
                .findFirst()
                .orElse("not a mount");
    }

    private static String option(String mount, String name) {
        return Arrays.stream(mount.split("[ ,]"))
                .filter(option -> option.startsWith(name + "="))
                .map(option -> option.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    private static String layersUntouched(Host host) throws IOException {
        Files.writeString(host.rootfs().resolve("etc/to-rename"), "renamed\n");
        Files.writeString(host.rootfs().resolve("etc/to-delete"), "deleted\n");
        String before = digest(host.rootfs());
        String script = "echo new > /etc/new && rm /etc/to-delete && mv /etc/to-rename /etc/renamed && exec sleep 1000";
        try (Running running = host.start("sh", "-c", script)) {
            Proc command = running.command("sleep", "1000");
            expect(digest(host.rootfs()).equals(before), "the root file system itself was written to");
            Path etc = Path.of(option(rootMount(command), "upperdir")).resolve("etc");
            expect(Files.readString(etc.resolve("new")).equals("new\n"), "no file etc/new in " + etc);
            expect(Files.readString(etc.resolve("renamed")).equals("renamed\n"), "no file etc/renamed in " + etc);
            for (String gone : List.of("to-delete", "to-rename")) {
                Object device = Files.getAttribute(etc.resolve(gone), "unix:rdev");
                expect(device.equals(0L), "no whiteout etc/" + gone + " in " + etc);
            }
            return "etc/new, etc/renamed and two whiteouts in " + etc.getParent();
        }
    }

    /** Of all names, kinds, permissions, links and contents in a tree. */
    private static String digest(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files.sorted().toList()) {
                digest.update(file.toString().getBytes(UTF_8));
                digest.update(
                        Files.readAttributes(file, "unix:mode,uid,gid,rdev", java.nio.file.LinkOption.NOFOLLOW_LINKS)
                                .toString()
                                .getBytes(UTF_8));
                if (Files.isSymbolicLink(file)) {
                    digest.update(Files.readSymbolicLink(file).toString().getBytes(UTF_8));
                } else if (Files.isRegularFile(file)) {
                    digest.update(Files.readAllBytes(file));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String layersShared(Host host) throws IOException {
        try (Running first = host.start("sh", "-c", "echo first > /shared; echo written; read x");
                Running second = host.start("sh", "-c", "echo ready; read x; cat /shared; ls /; echo listed; read x")) {
            first.awaitOutput("written");
            second.awaitOutput("ready").type("\n").awaitOutput("listed");
            expect(!second.out().contains("first"), "one container reads what the other wrote");
            expect(!second.out().contains("shared"), "one container sees the other's file");
        }
        return "the second sees no file of the first";
    }

    private static String layerOrder(Host host) throws IOException {
        for (String name : List.of("low", "high")) {
            Path layer = Files.createDirectories(host.directory().resolve(name));
            Files.writeString(layer.resolve("which"), name + "\n");
            Files.writeString(layer.resolve("only-" + name), "");
        }
        Result result = host.run(
                "--layer",
                host.rootfs().toString(),
                "--layer",
                host.directory().resolve("low").toString(),
                "--layer",
                host.directory().resolve("high").toString(),
                "sh",
                "-c",
                "cat /which; ls /");
        expect(result.exit() == 0, "--layer: exit code " + result.exit() + ", " + result.err());
        expect(result.out().startsWith("high\n"), "the file of the lower layer is seen: " + result.out());
        Collection<String> names = result.out().lines().toList();
        expect(names.containsAll(List.of("only-low", "only-high", "bin")), "not all layers are there: " + names);
        return "the highest layer's file; the others' beside it";
    }

    private static String keep(Host host) throws IOException {
        Path containers = host.directory().resolve("containers");
        Result kept = host.run("--keep", "sh", "-c", "echo kept > /kept");
        expect(kept.exit() == 0, "--keep: exit code " + kept.exit() + ", " + kept.err());
        String last = kept.err().lines().reduce((a, b) -> b).orElse("");
        Path upper = Path.of(last.substring(last.indexOf('/')));
        expect(Files.readString(upper.resolve("kept")).equals("kept\n"), "what it wrote is not in " + upper);
        Set<String> before = names(containers);
        host.run("sh", "-c", "echo gone > /gone");
        expect(names(containers).equals(before), "left after a run without it: " + names(containers));
        return "kept in " + upper;
    }
}
