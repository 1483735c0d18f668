package workshop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import syscalls.Mount;
import testkit.Proc;

/** Reads the rows of an {@link XrayView} from /proc and the cgroup file systems. The host is this process's own view. */
final class XrayLook {
    private static final List<String> NAMESPACES = List.of("uts", "pid", "mnt", "ipc", "net", "user", "cgroup");
    private static final int SHOWN_MOUNTS = 4;
    private static final long PF_KTHREAD = 0x20_0000; // <linux/sched.h>

    /** <linux/capability.h>, from bit 0. */
    private static final List<String> CAPABILITIES = List.of(("CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL"
                    + " SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW"
                    + " IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT"
                    + " SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP"
                    + " MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF"
                    + " CHECKPOINT_RESTORE")
            .split(" "));

    private final Proc host = new Proc(ProcessHandle.current().pid());
    private final Proc proc;
    private final List<XrayView.Row> rows = new ArrayList<>();

    private XrayLook(Proc proc) {
        this.proc = proc;
    }

    /**
     * @throws IOException if there is no such process, or no longer, or it is another user's
     * @throws IllegalArgumentException if it is one that has nothing to show
     */
    static XrayView look(Proc proc) throws IOException {
        long pid = proc.pid();
        if (!Files.exists(Path.of("/proc", "" + pid))) {
            throw new IllegalArgumentException("there is no process " + pid);
        }
        try {
            Optional<String> refusal = refusal(proc);
            if (refusal.isEmpty()) {
                return new XrayLook(proc).view();
            }
            throw new IllegalArgumentException("process " + pid + refusal.get());
        } catch (IOException | UncheckedIOException | NoSuchElementException e) {
            Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
            // One that is just ending loses its namespaces before it is a zombie.
            if (!proc.exists() || cause instanceof NoSuchFileException) {
                throw new IOException("process " + pid + " has ended meanwhile", e);
            }
            if (cause instanceof AccessDeniedException) {
                throw new IOException(
                        "process " + pid
                                + (Lab.isRoot()
                                        ? " may not be looked at, not even by you: see ptrace(2)"
                                        : " is another user's: sudo ./lab xray " + pid),
                        e);
            }
            throw e;
        }
    }

    private static Optional<String> refusal(Proc proc) throws IOException {
        if (proc.status("State").startsWith("Z")) {
            return Optional.of(" has ended: it is a zombie, until its parent waits for it");
        }
        return (Long.parseLong(stat(proc)[6]) & PF_KTHREAD) == 0
                ? Optional.empty()
                : Optional.of(", " + proc.status("Name") + ", is a thread of the kernel: nothing to see");
    }

    /** The fields of /proc/PID/stat after the name, which may have blanks and parentheses in it. */
    private static String[] stat(Proc proc) throws IOException {
        String stat = Files.readString(Path.of("/proc", "" + proc.pid(), "stat"), ISO_8859_1);
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }

    private XrayView view() throws IOException {
        row("hostname", hostname(host), hostname(proc));
        row("PID", "" + proc.pid(), "" + proc.pidInside());
        for (String namespace : NAMESPACES) {
            row(namespace + " namespace", inode(host, namespace), inode(proc, namespace));
        }
        Path root = Files.readSymbolicLink(proc.root());
        row("root", Files.readSymbolicLink(host.root()).toString(), root.toString());
        mounts(root);
        limits("pids", "pids.max", "pids.current", "pids.max", "pids.current", number -> "" + number);
        limits(
                "memory",
                "memory.max",
                "memory.current",
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
                XrayLook::bytes);
        row("capabilities", capabilities(host), capabilities(proc));
        return new XrayView(
                proc.pid(),
                Containers.quoted(proc.cmdline()),
                Containers.runOf(proc).orElse(""),
                List.copyOf(rows));
    }

    private void row(String name, String hosts, String own) {
        rows.add(new XrayView.Row(name, hosts, own, !hosts.equals(own)));
    }

    private boolean shares(String namespace) {
        return host.namespace(namespace).equals(proc.namespace(namespace));
    }

    private static String inode(Proc proc, String namespace) {
        return proc.namespace(namespace).replaceAll("\\D", "");
    }

    private String hostname(Proc of) throws IOException {
        if (of.equals(host) || shares("uts")) {
            return sysctl("hostname");
        }
        Process nsenter = new ProcessBuilder("nsenter", "--target", "" + of.pid(), "--uts", "uname", "-n").start();
        try (var output = nsenter.inputReader(UTF_8)) {
            return Optional.ofNullable(output.readLine())
                    .orElseThrow(() -> new IOException("nsenter cannot enter the UTS namespace of " + of.pid()));
        }
    }

    /** By lines: readString begins with a read of one byte, after which the kernel says that this was all. */
    private static String sysctl(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/sys/kernel", name)).get(0);
    }

    private void mounts(Path root) throws IOException {
        List<Mount> hosts = mounts(host);
        boolean sameView = shares("mnt") && root.equals(Path.of("/"));
        List<Mount> own = sameView ? hosts : mounts(proc);
        // The host has what lies at the same path, be it below another mount.
        String there = Mount.under(root, hosts).map(Mount::type).orElse("unknown");
        row("file system of the root", there, rootType(own, hosts).orElse(there));
        List<Mount> notInside = without(hosts, own);
        row(
                "mounts seen",
                hosts.size() + (notInside.isEmpty() ? "" : ", not inside: " + points(notInside)),
                sameView ? "" + own.size() : own.size() + ": " + points(own));
        List<Mount> hidden = without(own, hosts);
        row("mounts hidden from the host", "none", hidden.isEmpty() ? "none" : points(hidden));
    }

    private static List<Mount> mounts(Proc of) {
        return of.mountTable();
    }

    /** What is mounted is the same wherever it is mounted, and in whichever namespace. */
    private static List<Mount> without(List<Mount> mounts, List<Mount> others) {
        Set<String> known = new HashSet<>();
        others.forEach(mount -> known.add(mount.device() + mount.root()));
        return mounts.stream()
                .filter(mount -> !known.contains(mount.device() + mount.root()))
                .toList();
    }

    private static String points(List<Mount> mounts) {
        List<Path> points = mounts.stream()
                .map(Mount::point)
                .distinct()
                .sorted(Comparator.comparing(Path::getNameCount).thenComparing(Comparator.naturalOrder()))
                .limit(SHOWN_MOUNTS)
                .toList();
        String shown = points.stream().map(Path::toString).collect(Collectors.joining(" "));
        int more = mounts.size() - points.size();
        return more > 0 ? shown + " and " + more + " more" : shown;
    }

    /** By the device, for the root of a chroot is no mount; empty on btrfs, where a file's device is no mount's. */
    private Optional<String> rootType(List<Mount> own, List<Mount> hosts) throws IOException {
        long device = (Long) Files.getAttribute(proc.root(), "unix:dev");
        String number = (device >>> 8 & 0xfff | device >>> 32 & ~0xfff) + ":" + (device & 0xff | device >>> 12 & ~0xff);
        return Stream.of(own, hosts)
                .flatMap(List::stream)
                .filter(mount -> mount.device().equals(number))
                .findFirst()
                .map(Mount::type);
    }

    /** The names of the limit and the use differ between v2 and v1. */
    private void limits(
            String controller, String max, String current, String max1, String current1, Function<Long, String> format)
            throws IOException {
        Group hosts = group(host, controller);
        Group own = group(proc, controller);
        boolean differs = !hosts.path.equals(own.path);
        row(controller + " cgroup", hosts.toString(), own.toString());
        row(controller + " limit", limit(hosts, max, max1, format), limit(own, max, max1, format));
        String hostsUse = use(hosts, current, current1, format);
        rows.add(new XrayView.Row(
                controller + " in use", hostsUse, differs ? use(own, current, current1, format) : hostsUse, differs));
    }

    private record Group(String path, int version, Path directory) {
        @Override
        public String toString() {
            return path + (version == 0 ? "" : " (v" + version + ")");
        }

        /** Empty for a root group, which has no limits, and where the group is not mounted here. */
        Optional<Long> number(String v2, String v1) throws IOException {
            Path file = directory.resolve(version == 1 ? v1 : v2);
            String text =
                    version != 0 && Files.exists(file) ? Files.readString(file).strip() : "";
            return text.matches("\\d+") ? Optional.of(Long.parseLong(text)) : Optional.empty();
        }
    }

    private static String limit(Group group, String max, String max1, Function<Long, String> format)
            throws IOException {
        return group.number(max, max1)
                .filter(limit -> limit < Long.MAX_VALUE / 2) // v1 says "none" with a number
                .map(format)
                .orElse("none");
    }

    private static String use(Group group, String current, String current1, Function<Long, String> format)
            throws IOException {
        return group.number(current, current1).map(format).orElse("not counted");
    }

    /** What is mounted here may be a part of the hierarchy only, as in a container. */
    private static Group group(Proc of, String controller) throws IOException {
        List<Mount> mounts = Mount.all();
        for (Mount mount : mounts) {
            if (!mount.isVisible(mounts)) {
                continue;
            }
            int version =
                    switch (mount.type()) {
                        case "cgroup" -> mount.superOptions().contains(controller) ? 1 : 0;
                        case "cgroup2" ->
                            List.of(Files.readString(mount.point().resolve("cgroup.controllers"))
                                                    .strip()
                                                    .split(" "))
                                            .contains(controller)
                                    ? 2
                                    : 0;
                        default -> 0;
                    };
            if (version == 0) {
                continue;
            }
            for (String line : Files.readAllLines(Path.of("/proc", "" + of.pid(), "cgroup"))) {
                String[] fields = line.split(":", 3);
                if (version == 2
                        ? fields[0].equals("0")
                        : Arrays.asList(fields[1].split(",")).contains(controller)) {
                    Path path = Path.of(fields[2]);
                    Path root = Path.of(mount.root());
                    return new Group(
                            path.toString(),
                            version,
                            path.startsWith(root)
                                    ? mount.point().resolve(root.relativize(path))
                                    : Path.of("/nonexistent"));
                }
            }
        }
        return new Group("no such controller", 0, Path.of("/nonexistent"));
    }

    private static String bytes(long number) {
        int unit = 0;
        double size = number;
        while (size >= 1024 && unit < 4) {
            size /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.4g", size).replaceAll("\\.0*$|(\\.\\d*?)0+$", "$1") + " "
                + List.of("B", "KiB", "MiB", "GiB", "TiB").get(unit);
    }

    private static String capabilities(Proc of) throws IOException {
        long effective = Long.parseUnsignedLong(of.status("CapEff"), 16);
        int count = Integer.parseInt(sysctl("cap_last_cap")) + 1;
        int have = Long.bitCount(effective);
        if (have == count || have == 0) {
            return have == 0 ? "none" : "all " + count;
        }
        boolean most = have > count / 2;
        String names = IntStream.range(0, count)
                .filter(bit -> (effective >> bit & 1) == (most ? 0 : 1))
                .mapToObj(bit -> "CAP_" + (bit < CAPABILITIES.size() ? CAPABILITIES.get(bit) : bit))
                .collect(Collectors.joining(" "));
        return most ? "all " + count + " but " + names : names;
    }
}
