package workshop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import testkit.Host;
import testkit.Program;
import testkit.Result;
import testkit.Running;

/** The tables of the book: what {@code xray} shows of each step's container, recorded on a {@link Host}. */
final class XrayRecorder {
    private static final String COMMAND = "sleep 1000";

    /** Rows whose value on the host says more of the machine than of the step. */
    private static final Set<String> OF_THE_MACHINE = Set.of(
            "file system of the root",
            "mounts seen",
            "pids cgroup",
            "pids limit",
            "memory cgroup",
            "memory limit",
            "capabilities");

    private XrayRecorder() {}

    static Path file(int step) {
        return Lab.checkout().resolve("docs/xray").resolve(String.format(Locale.ROOT, "step%02d.json", step));
    }

    static List<String> arguments(int step) {
        return List.of(((step >= 5 ? "--memory 100m " : "") + COMMAND).split(" "));
    }

    /**
     * Records what has changed, but for what is different each time.
     *
     * @param check only say so
     * @return how many have
     */
    static int recordAll(boolean check) throws IOException {
        int different = 0;
        for (int step : Steps.all()) {
            Path file = file(step);
            XrayView view = record(step);
            boolean same = Files.exists(file) && scrubbed(XrayView.read(file)).equals(scrubbed(view));
            if (!same) {
                different++;
                if (!check) {
                    Files.createDirectories(file.getParent());
                    Files.writeString(file, view.toJson());
                }
            }
            System.out.println(
                    "xray " + step + ": " + (same ? "the same" : check ? "DIFFERENT from " + file : "changed"));
        }
        return different;
    }

    private static XrayView record(int step) throws IOException {
        try (Host host = new Host(Program.ofJar(Steps.jar(step)));
                Running running = host.start(arguments(step).toArray(String[]::new))) {
            running.command(COMMAND.split(" "));
            return hideTheHarness(look(host), host);
        }
    }

    /** What {@code xray} prints on a host, of the container that was started last. */
    static XrayView look(Host host) throws IOException {
        try (Running xray = start(host, "--json")) {
            Result result = xray.result();
            if (result.exit() != 0) {
                throw new IOException(
                        "xray on " + Host.NAME + ": " + result.err().strip());
            }
            return XrayView.parse(result.out());
        }
    }

    static Running start(Host host, String... arguments) throws IOException {
        return lab(host, Stream.concat(Stream.of("xray"), Stream.of(arguments)).toArray(String[]::new));
    }

    /** This very program, on another host. */
    static Running lab(Host host, String... arguments) throws IOException {
        String classPath = Stream.of(System.getProperty("java.class.path").split(":"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(":"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-Dlab.home=" + Lab.checkout(),
                "-cp",
                classPath,
                Lab.class.getName()));
        command.addAll(List.of(arguments));
        return host.execute(command);
    }

    /** The folder and the cgroup that hold the {@link Host} are not the reader's, nor is the limit that guards it. */
    static XrayView hideTheHarness(XrayView view, Host host) {
        return new XrayView(
                view.pid(),
                view.command(),
                view.run(),
                view.rows().stream()
                        .map(row -> new XrayView.Row(
                                row.name(),
                                hideTheHarness(row.host(), host),
                                hideTheHarness(row.container(), host),
                                row.differs()))
                        .toList());
    }

    private static String hideTheHarness(String cell, Host host) {
        String name = host.directory().getFileName().toString();
        return cell.replaceFirst("^" + Host.PIDS_MAX + "$", "none")
                .replace(host.directory().toString(), "/var/lib/lab")
                .replace("/" + name + "/container-", "/container-")
                .replaceFirst("(?<=/container-|/containers/)[0-9a-f]{12}", "6f0a41c7d2e0")
                .replaceFirst("/" + name + "(/processes)?", "/");
    }

    /** What must be the same in each recording, on every machine. */
    static XrayView scrubbed(XrayView view) {
        return new XrayView(
                0,
                view.command(),
                view.run(),
                view.rows().stream().map(XrayRecorder::scrubbed).toList());
    }

    private static XrayView.Row scrubbed(XrayView.Row row) {
        String host = row.host();
        String container = row.container();
        if (OF_THE_MACHINE.contains(row.name())) {
            container = container.equals(host) ? "the host's" : container;
            host = "the host's";
        } else if (row.name().endsWith(" namespace")) {
            container = container.equals(host) ? "the host's" : "an inode";
            host = "an inode";
        } else if (row.name().endsWith(" in use")) {
            host = "use";
            container = "use";
        } else if (row.name().equals("PID")) {
            container = container.equals(host) ? "the host's" : container;
            host = "a PID";
        }
        return new XrayView.Row(
                row.name(),
                host,
                container
                        .replaceAll("/(containers/|container-)[0-9a-f]{12}", "/$1ID")
                        .replaceAll(" \\(v[12]\\)$", ""),
                row.differs());
    }
}
