package workshop;

import static workshop.Finding.notOk;
import static workshop.Finding.note;
import static workshop.Finding.ok;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import syscalls.Mount;

/** What follows from what {@link Doctor} has read: texts in, findings out. */
final class Diagnosis {
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)");
    private static final String NOT_OFFERED = "this kernel does not offer it";
    private static final String ANOTHER_MACHINE = "vagrant up && vagrant ssh   # a machine that has it";

    private Diagnosis() {}

    /** @param release as uname -r says it */
    static List<Finding> kernel(String system, String release) {
        if (!system.equals("Linux")) {
            return List.of(notOk("kernel", system + ", but containers are a feature of Linux", ANOTHER_MACHINE));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(
                atLeast(release, 5, 11)
                        ? ok("kernel", release)
                        : notOk(
                                "kernel",
                                release + ", but 5.11 is needed, the first with CLOSE_RANGE_CLOEXEC",
                                ANOTHER_MACHINE));
        if (release.toLowerCase(Locale.ROOT).contains("microsoft")) {
            findings.add(note("WSL", "works in WSL 2; keep the checkout in its Linux file system, not in /mnt/c", ""));
        }
        return findings;
    }

    static Finding architecture(String architecture) {
        return Set.of("amd64", "x86_64", "aarch64").contains(architecture)
                ? ok("architecture", architecture)
                : notOk("architecture", architecture + ", but only x86_64 and aarch64 are tried", ANOTHER_MACHINE);
    }

    /** @param version as getconf GNU_LIBC_VERSION says it; empty if there is no glibc */
    static Finding glibc(String version) {
        return atLeast(version, 2, 34)
                ? ok("C library", version)
                : notOk(
                        "C library",
                        (version.isEmpty() ? "not glibc" : version) + ", but glibc 2.34 is needed, for close_range",
                        ANOTHER_MACHINE);
    }

    private static boolean atLeast(String version, int major, int minor) {
        Optional<MatchResult> found = NUMBERS.matcher(version).results().findFirst();
        if (found.isEmpty()) {
            return false;
        }
        int difference = Integer.parseInt(found.get().group(1)) - major;
        return difference > 0 || difference == 0 && Integer.parseInt(found.get().group(2)) >= minor;
    }

    static Finding jdk(int feature, String home, boolean compiler, Function<String, String> install) {
        String what = "JDK";
        if (feature < 17) {
            return notOk(what, feature + " in " + home + ", but 17 is needed", install.apply("jdk"));
        }
        return compiler
                ? ok(what, feature + " in " + home)
                : notOk(what, feature + " in " + home + " is a JRE, without javac", install.apply("jdk"));
    }

    /**
     * @param kinds the names in /proc/self/ns
     * @param sysctl the value of a kernel parameter, if it has it
     */
    static List<Finding> namespaces(Set<String> kinds, Function<String, Optional<String>> sysctl) {
        List<Finding> findings = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> forbidden = new ArrayList<>();
        for (String kind : List.of("uts", "pid", "mnt")) {
            if (!kinds.contains(kind)) {
                missing.add(kind);
            }
            String limit = "user.max_" + kind + "_namespaces";
            if (sysctl.apply(limit).equals(Optional.of("0"))) {
                forbidden.add(limit);
            }
        }
        if (!missing.isEmpty()) {
            findings.add(notOk("namespaces", "this kernel has none of kind " + missing, ANOTHER_MACHINE));
        } else if (!forbidden.isEmpty()) {
            findings.add(notOk(
                    "namespaces",
                    "forbidden by " + String.join(" = 0, ", forbidden) + " = 0",
                    "sudo sysctl -w " + String.join("=9999 ", forbidden) + "=9999"));
        } else {
            findings.add(ok("namespaces", "uts, pid and mnt are there, and allowed"));
        }
        Map<String, String> switches = Map.of(
                "kernel.apparmor_restrict_unprivileged_userns", "1",
                "kernel.unprivileged_userns_clone", "0",
                "user.max_user_namespaces", "0");
        switches.forEach((name, value) -> {
            if (sysctl.apply(name).equals(Optional.of(value))) {
                findings.add(note("namespaces", name + " = " + value + " stops ordinary users only, not root", ""));
            }
        });
        return findings;
    }

    /** Which controllers of cgroup v2 there are: {@code read} gives the content of a file. */
    static List<Finding> cgroups(List<Mount> mounts, Function<Path, Optional<String>> read) {
        List<Finding> findings = new ArrayList<>();
        List<Mount> visible =
                mounts.stream().filter(mount -> mount.isVisible(mounts)).toList();
        Optional<Mount> v2 =
                visible.stream().filter(mount -> mount.type().equals("cgroup2")).findFirst();
        List<Mount> v1 =
                visible.stream().filter(mount -> mount.type().equals("cgroup")).toList();
        List<Mount> hidden = mounts.stream()
                .filter(mount -> mount.type().startsWith("cgroup") && !visible.contains(mount))
                .toList();
        if (v2.isEmpty() && v1.isEmpty() && hidden.isEmpty()) {
            return List.of(notOk("cgroups", "none is mounted", "sudo mount -t cgroup2 cgroup2 /sys/fs/cgroup"));
        }
        findings.add(ok(
                "cgroups",
                v1.isEmpty()
                        ? v2.isEmpty() ? "none to be seen" : "v2"
                        : v2.isEmpty()
                                ? "v1"
                                : "hybrid: v1, and beside it v2 at " + v2.get().point()));
        for (String controller : List.of("pids", "memory")) {
            Finding finding = controller(controller, v1, v2, read);
            Optional<Mount> covered = hidden.stream()
                    .filter(mount -> mount.type().equals("cgroup2")
                            || mount.superOptions().contains(controller))
                    .findFirst();
            findings.add(
                    finding.found().equals(NOT_OFFERED) && covered.isPresent()
                            ? covered(finding.what(), covered.get(), visible)
                            : finding);
        }
        return findings;
    }

    private static Finding covered(String what, Mount hierarchy, List<Mount> visible) {
        String point = Mount.under(hierarchy.point(), visible)
                .map(mount -> shown(mount.point()))
                .orElse("/");
        return notOk(
                what,
                "its hierarchy, at " + shown(hierarchy.point()) + ", is covered by what is mounted on " + point,
                "sudo umount " + point);
    }

    /** A path as one may type it, in one line. */
    static String shown(Path path) {
        return Containers.quoted(List.of(path.toString())).replaceAll("\\p{Cntrl}", "?");
    }

    private static Finding controller(
            String controller, List<Mount> v1, Optional<Mount> v2, Function<Path, Optional<String>> read) {
        String what = "cgroup " + controller;
        Mount hierarchy = null;
        for (Mount mount : v1) {
            if (mount.superOptions().contains(controller)) {
                hierarchy = mount;
            }
        }
        String where = "v1, at ";
        if (hierarchy == null && v2.isPresent()) {
            Path root = v2.get().point();
            if (words(read.apply(root.resolve("cgroup.controllers"))).contains(controller)) {
                hierarchy = v2.get();
                where = words(read.apply(root.resolve("cgroup.subtree_control")))
                                .contains(controller)
                        ? "v2, at "
                        : "v2, which a step will have to turn on, at ";
            }
        }
        if (hierarchy == null) {
            return notOk(
                    what,
                    NOT_OFFERED,
                    "sudo sed -i 's/^GRUB_CMDLINE_LINUX=\"/&cgroup_enable=" + controller + " /' /etc/default/grub"
                            + " && sudo update-grub && sudo reboot");
        }
        // Only the real root of a v2 hierarchy lacks cgroup.type, and may have both processes and groups with limits.
        if (where.startsWith("v2")
                && read.apply(hierarchy.point().resolve("cgroup.type")).isPresent()
                && !read.apply(hierarchy.point().resolve("cgroup.procs"))
                        .orElse("")
                        .isBlank()) {
            return notOk(
                    what,
                    "v2, but this is a container whose processes are where the limits would be",
                    "cd " + hierarchy.point() + "; echo -pids > cgroup.subtree_control; mkdir -p init;"
                            + " xargs -rn1 < cgroup.procs > init/cgroup.procs   # as root");
        }
        return hierarchy.options().contains("ro")
                ? notOk(
                        what,
                        where + hierarchy.point() + ", read-only (is this a container?)",
                        "sudo mount -o remount,rw " + hierarchy.point())
                : ok(what, where + hierarchy.point());
    }

    private static List<String> words(Optional<String> text) {
        return Arrays.asList(text.orElse("").trim().split("\\s+"));
    }

    /** @param loadable whether modprobe would find it */
    static Finding overlay(String filesystems, boolean loadable) {
        if (filesystems.lines().anyMatch(line -> line.equals("nodev\toverlay"))) {
            return ok("overlay", "in /proc/filesystems");
        }
        return loadable
                ? ok("overlay", "a module, which the first mount loads")
                : notOk("overlay", "not in /proc/filesystems, and no such module", "sudo modprobe overlay");
    }

    /** @param place the nearest directory that is there already */
    static Finding labHome(Path home, Path place, List<Mount> mounts) {
        String what = "LAB_HOME";
        String elsewhere = "export LAB_HOME=/var/lib/lab   # or another folder on a local disk";
        Optional<Mount> under = Mount.under(place, mounts);
        if (under.isEmpty()) {
            return note(what, home + ", on what?", "");
        }
        Mount mount = under.get();
        String on = home + " on " + mount.type() + " (" + mount.point() + ")";
        boolean shared = mount.type()
                .matches("vboxsf|9p|nfs4?|cifs|smb3|fuse\\..*|virtiofs|prl_fs|drvfs|v?fat|exfat|ntfs3?|overlay");
        if (shared) {
            return notOk(what, on + " can hold no layer of a container", elsewhere);
        }
        for (String option : List.of("ro", "nodev", "noexec")) {
            if (mount.options().contains(option)) {
                return notOk(what, on + " is mounted " + option, elsewhere);
            }
        }
        return ok(what, on);
    }

    /** @param loads whether JNR finds a place for its library: if not there, then in the current folder */
    static Finding temporary(Path folder, boolean writable, boolean loads, List<Mount> mounts) {
        String what = "temporary folder";
        if (!writable) {
            return notOk(what, folder + " is not writable for you", "sudo chmod 1777 " + folder);
        }
        Optional<Mount> noexec =
                Mount.under(folder, mounts).filter(mount -> mount.options().contains("noexec"));
        if (noexec.isEmpty()) {
            return loads
                    ? ok(what, folder.toString())
                    : notOk(
                            what,
                            folder + ", but JNR's library cannot be loaded from there",
                            "df " + folder + "   # full?");
        }
        return loads
                ? note(
                        what,
                        folder + " is mounted noexec: ./lab loads JNR's library from the current folder instead",
                        "")
                : notOk(
                        what,
                        folder
                                + " is mounted noexec, and JNR's library cannot be loaded from the current folder either",
                        "sudo mount -o remount,exec " + shown(noexec.get().point()));
    }

    /**
     * Nothing if it is the machine's own, whose root is the machine's.
     *
     * @param uidMap user_namespaces(7)
     * @param mayMount whether the mount namespace is this user namespace's, too
     */
    static Optional<Finding> userNamespace(String uidMap, BooleanSupplier mayMount) {
        String what = "user namespace";
        if (uidMap.matches("\\s*0\\s+0\\s+4294967295\\s*")) {
            return Optional.empty();
        }
        return Optional.of(
                mayMount.getAsBoolean()
                        ? note(what, "one that owns its mounts, as in an unprivileged container", "")
                        : notOk(
                                what,
                                "root here is not the machine's (/proc/self/uid_map), and may not mount: step 3 fails",
                                "exit   # and then, outside: sudo ./lab doctor"));
    }

    /** What is mounted in it stays, and keeps its folder from being removed. */
    static Finding killedRuns(KilledRuns left, List<Mount> mounts) {
        String what = "left over";
        if (left.isEmpty()) {
            return ok(what, "nothing of runs that were killed");
        }
        List<String> found = new ArrayList<>();
        left.folders().forEach(folder -> found.add(shown(folder)));
        left.groups().forEach(group -> found.add(shown(group)));
        if (!left.processes().isEmpty()) {
            found.add("in which " + left.pids() + (left.processes().size() == 1 ? " lives on" : " live on"));
        }
        String umounts = left.folders().stream()
                .flatMap(folder -> Mount.below(folder, mounts).stream())
                .map(mount -> "sudo umount " + shown(mount.point()) + " && ")
                .collect(Collectors.joining());
        return note(
                what,
                "of runs that were killed: " + String.join(", ", found),
                umounts + "./lab run 6 true   # removes it, or says what it cannot");
    }
}
