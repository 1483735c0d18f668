package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static workshop.Finding.notOk;
import static workshop.Finding.note;
import static workshop.Finding.ok;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import syscalls.Linux;
import syscalls.Mount;
import syscalls.SyscallException;
import testkit.Rootfs;

/** {@code doctor}: reads what this machine is like, and says what {@link Diagnosis} makes of it. */
@Command(
        name = "doctor",
        description = "Is this machine ready? Each line says what was found, and the command that mends it.",
        footer = {"", "Exit code: 0 if all that is necessary is there, else 1."})
final class Doctor implements Callable<Integer> {
    private enum Power {
        ROOT,
        SUDO,
        SUDO_WITH_PASSWORD,
        NONE
    }

    @Override
    public Integer call() throws Exception {
        List<Finding> findings = findings();
        findings.forEach(Doctor::print);
        long bad = findings.stream()
                .filter(finding -> finding.verdict() == Finding.Verdict.NOT_OK)
                .count();
        System.out.println();
        System.out.println(
                bad == 0
                        ? "All is well. Stand in a container: ./lab run 3 sh"
                        : bad + " of these must be mended first.");
        return bad == 0 ? 0 : 1;
    }

    static List<Finding> findings() throws IOException {
        String system = System.getProperty("os.name");
        List<Finding> findings = new ArrayList<>(Diagnosis.kernel(system, System.getProperty("os.version")));
        if (system.equals("Linux")) {
            findings.addAll(linux());
        }
        return findings;
    }

    private static void print(Finding finding) {
        String verdict =
                switch (finding.verdict()) {
                    case OK -> "@|green ok    |@";
                    case NOT_OK -> "@|bold,red NOT OK|@";
                    case NOTE -> "@|yellow note  |@";
                };
        System.out.printf(Locale.ROOT, "%s  %-17s %s%n", Ansi.AUTO.string(verdict), finding.what(), finding.found());
        if (!finding.mend().isEmpty()) {
            System.out.printf(Locale.ROOT, "%8s%-17s %s%n", "", "", "-> " + finding.mend());
        }
    }

    private static List<Finding> linux() throws IOException {
        List<Finding> findings = new ArrayList<>();
        List<Mount> mounts = Mount.all();
        Power power = power();

        findings.add(Diagnosis.architecture(System.getProperty("os.arch")));
        findings.add(Diagnosis.glibc(output("getconf", "GNU_LIBC_VERSION").orElse("")));
        Path java = Path.of(System.getProperty("java.home"));
        findings.add(Diagnosis.jdk(
                Runtime.version().feature(),
                java.toString(),
                Files.isExecutable(java.resolve("bin/javac")),
                Doctor::install));
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        findings.add(Diagnosis.temporary(existing(temporary), Files.isWritable(temporary), loadsJnr(), mounts));
        findings.add(root(power));
        Diagnosis.userNamespace(read(Path.of("/proc/self/uid_map")).orElse(""), Doctor::mayMount)
                .ifPresent(findings::add);
        findings.addAll(Diagnosis.namespaces(namespaces(), Doctor::sysctl));
        findings.add(unshare(power));
        findings.addAll(Diagnosis.cgroups(mounts, Doctor::read));
        findings.add(Diagnosis.overlay(
                read(Path.of("/proc/filesystems")).orElse(""),
                Rootfs.onPath("modprobe")
                        .flatMap(modprobe -> output(modprobe.toString(), "--dry-run", "--quiet", "overlay"))
                        .isPresent()));
        findings.add(Diagnosis.labHome(Lab.home(), existing(Lab.home()), mounts));
        findings.add(rootfs(Lab.home().resolve("rootfs"), mounts));
        findings.add(killedRuns(mounts));
        findings.add(
                Rootfs.hasStaticBusybox()
                        ? ok("busybox", "static, a good source of a root file system")
                        : note("busybox", "no static one: the host's own tools do, too", install("busybox-static")));
        findings.add(
                Rootfs.onPath("debootstrap").isPresent()
                        ? ok("debootstrap", "for ./lab rootfs debian")
                        : note("debootstrap", "only ./lab rootfs debian needs it", install("debootstrap")));
        return findings;
    }

    private static Power power() throws IOException {
        if (Lab.isRoot()) {
            return Power.ROOT;
        }
        if (Rootfs.onPath("sudo").isEmpty()) {
            return Power.NONE;
        }
        return output("sudo", "-n", "true").isPresent() ? Power.SUDO : Power.SUDO_WITH_PASSWORD;
    }

    private static Finding root(Power power) {
        return switch (power) {
            case ROOT -> ok("root", "you are root");
            case SUDO -> ok("root", "by sudo");
            case SUDO_WITH_PASSWORD -> ok("root", "by sudo, which will ask for your password, if it lets you at all");
            case NONE ->
                notOk(
                        "root",
                        "you are not root, and there is no sudo",
                        "su -c '" + install("sudo").replace("sudo apt", "apt")
                                + " && adduser $USER sudo'   # and log in again");
        };
    }

    private static Set<String> namespaces() {
        String[] kinds = new File("/proc/self/ns").list();
        return kinds == null ? Set.of() : Arrays.stream(kinds).collect(Collectors.toSet());
    }

    /** Everything else may allow it, and still a security module or an outer container forbid it. */
    private static Finding unshare(Power power) {
        String what = "unshare";
        if (power != Power.ROOT && power != Power.SUDO) {
            return note(what, "not tried, for it needs root; to try it:", "sudo ./lab doctor");
        }
        List<String> command = new ArrayList<>(power == Power.SUDO ? List.of("sudo", "-n") : List.of());
        command.addAll(List.of("unshare", "--uts", "--pid", "--mount", "--fork", "true"));
        return output(command.toArray(String[]::new)).isPresent()
                ? ok(what, "new uts, pid and mnt namespaces, tried as root")
                : notOk(
                        what,
                        "root may not make namespaces here (is this a container?)",
                        "vagrant up && vagrant ssh   # a machine of your own");
    }

    private static boolean loadsJnr() {
        try {
            return Linux.getpid() > 0;
        } catch (LinkageError e) {
            return false;
        }
    }

    /** By an umount(2) of what is no mount: EINVAL, but EPERM for whom the mounts of this machine are not. */
    private static boolean mayMount() {
        ProcessBuilder umount = new ProcessBuilder("umount", "/proc/self/fd").redirectErrorStream(true);
        umount.environment().put("LC_ALL", "C");
        try {
            Process process = umount.start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            return !said.matches("(?s).*(superuser|not permitted|denied).*");
        } catch (IOException e) {
            return false;
        }
    }

    private static Finding killedRuns(List<Mount> mounts) {
        try {
            return Diagnosis.killedRuns(KilledRuns.look(), mounts);
        } catch (IOException | LinkageError | SyscallException e) {
            return note("left over", "not looked for: " + e, "");
        }
    }

    private static Finding rootfs(Path rootfs, List<Mount> mounts) {
        String what = "rootfs";
        if (!Files.exists(rootfs)) {
            return note(what, "none yet in " + rootfs + "; the first ./lab run makes it, or:", "./lab rootfs");
        }
        List<Mount> below = Mount.below(rootfs, mounts);
        if (!below.isEmpty()) {
            String point = Diagnosis.shown(below.get(below.size() - 1).point());
            return note(
                    what, "mounted on " + point + ": by a running container, or left behind", "sudo umount " + point);
        }
        String[] inProc = rootfs.resolve("proc").toFile().list();
        boolean usable = Files.isExecutable(rootfs.resolve("bin/sh")) && inProc != null && inProc.length == 0;
        if (!usable) {
            return notOk(what, rootfs + " has no bin/sh, or no empty folder proc", "./lab rootfs --force");
        }
        return ok(
                what,
                rootfs
                        + read(rootfs.resolve(Rootfs.MARKER))
                                .map(made -> ", " + made.strip())
                                .orElse(""));
    }

    private static Path existing(Path path) throws IOException {
        Path place = path;
        while (!Files.exists(place)) {
            place = place.getParent();
        }
        return place.toRealPath();
    }

    private static Optional<String> sysctl(String name) {
        return read(Path.of("/proc/sys", name.split("\\."))).map(String::strip);
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** How this distribution installs a package, by its name on Debian, or a {@code jdk}. */
    private static String install(String name) {
        String distribution = read(Path.of("/etc/os-release")).orElse("");
        if (distribution.matches("(?s).*\\bID(_LIKE)?=\"?[^\\n]*\\b(fedora|rhel)\\b.*")) {
            String there = name.equals("jdk") ? "java-latest-openjdk-devel" : name.replace("busybox-static", "busybox");
            return "sudo dnf install " + there;
        }
        if (distribution.matches("(?s).*\\bID(_LIKE)?=\"?[^\\n]*\\barch\\b.*")) {
            return "sudo pacman -S " + name.replace("jdk", "jdk-openjdk").replace("busybox-static", "busybox");
        }
        return "sudo apt install " + name.replace("jdk", "default-jdk-headless");
    }

    /** What a program prints, if it succeeds soon; it cannot ask anything. */
    private static Optional<String> output(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            return process.exitValue() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
