package workshop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import syscalls.Linux;
import testkit.Host;
import testkit.Privileged;
import testkit.Proc;
import testkit.Program;
import testkit.Result;
import testkit.Running;

/** What {@code doctor} says holds: on machines that lack something, made of this one by its namespaces. */
@Privileged
class DoctorIT {
    @TempDir
    Path directory;

    /** The lab where a shell script was run before, in a mount namespace of its own. */
    private Result lab(String unshare, String script, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("unshare", unshare, "bash", "-ec", script + "\nexec \"$@\"", "sh"));
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:-UsePerfData",
                "-Dlab.home=" + Lab.checkout(),
                "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")),
                "-jar",
                System.getProperty("jar")));
        command.addAll(List.of(arguments));
        Path error = directory.resolve("stderr");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectError(error.toFile());
        builder.environment().put("LAB_HOME", directory.resolve("home").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Result(process.exitValue(), output, Files.readString(error, ISO_8859_1));
    }

    private static List<String> notOk(Result doctor) {
        return doctor.out().lines().filter(line -> line.startsWith("NOT OK")).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"caf\\xe9", "a blank", "a\\rreturn", "a\\nnewline", "a\\tb\\\\\\\\134"})
    void aMountPointMayHaveAnyName(String name) throws Exception {
        String mount = "d=$'" + name + "'; mkdir -p \"$d\"; mount -t tmpfs tmpfs \"$d\"";

        Result doctor = lab("-m", mount, "doctor");

        assertThat(doctor.err()).isEmpty();
        assertThat(doctor.out().split("\n\n")[0].split("\n"))
                .hasSizeGreaterThan(15)
                .allSatisfy(line -> assertThat(line).matches("(ok|NOT OK|note|) .*"));
        assertThat(doctor.exit()).isEqualTo(notOk(doctor).isEmpty() ? 0 : 1);
        Result xray = lab("-m", mount, "xray", "" + ProcessHandle.current().pid());
        assertThat(xray.err()).isEmpty();
        assertThat(xray.out()).startsWith("Process ").contains("mounts hidden from the host");
    }

    @Test
    void whatIsMountedInTheRootfsIsTold() throws Exception {
        assertThat(lab("-m", "", "rootfs").exit()).isZero();

        Result doctor = lab("-m", "mkdir home/rootfs/'a b'; mount -t tmpfs tmpfs home/rootfs/'a b'", "doctor");

        assertThat(doctor.out()).contains("-> sudo umount '" + directory.toRealPath() + "/home/rootfs/a b'");
    }

    @Test
    void aHierarchyThatIsCoveredIsNotOk() throws Exception {
        for (String controller : List.of("pids", "memory")) {
            Path hierarchy = Linux.cgroupHierarchy(controller);

            Result doctor = lab("-m", "mount -t tmpfs tmpfs " + hierarchy, "doctor");

            assertThat(notOk(doctor)).anySatisfy(line -> assertThat(line)
                    .matches(
                            "NOT OK +cgroup " + controller + " .* at " + hierarchy + ", is covered by .*" + hierarchy));
            assertThat(doctor.out()).contains("-> sudo umount " + hierarchy + "\n");
            assertThat(doctor.exit()).isEqualTo(1);
        }
    }

    /** Here may be noexec, too, or a folder in which nothing can be made. */
    @ParameterizedTest
    @CsvSource({"., true", "noexec, false", "/proc, false"})
    void aTemporaryFolderWithoutExecIsNotOkWhereSomethingFails(String here, boolean works) throws Exception {
        assertThat(lab("-m", "", "rootfs").exit()).isZero();
        String script = "mkdir -p noexec; for d in tmp noexec; do mount -t tmpfs -o noexec tmpfs $d; done; cd " + here;

        Result doctor = lab("-m", script, "doctor");
        Result rootfs = lab("-m", script, "rootfs", "--force");

        assertThat(notOk(doctor).stream().filter(line -> line.contains("temporary folder")))
                .hasSize(works ? 0 : 1);
        assertThat(doctor.out()).contains(directory.resolve("tmp") + " is mounted noexec");
        assertThat(rootfs.exit()).as(rootfs.err()).isEqualTo(works ? 0 : 1);
    }

    @Test
    void rootOfAUserNamespaceIsNotTheMachines() throws Exception {
        Result doctor = lab("-Ur", "", "doctor");

        assertThat(notOk(doctor)).singleElement().asString().contains("user namespace", "step 3 fails");
        assertThat(doctor.exit()).isEqualTo(1);
        // One that has its mounts, too, may mount.
        assertThat(lab("-Urm", "", "doctor").out()).containsPattern("note +user namespace +one that owns its mounts");
    }

    @Test
    void whatAKilledRunLeftIsToldAndThatItsProcessesLiveOn() throws Exception {
        try (Host host = new Host(Program.ofJar(Steps.jar(6)))) {
            assertThat(lab(host, "doctor").out()).containsPattern("ok +left over +nothing of runs that were killed");
            try (Running running = host.start("su", "nobody", "-s", "/bin/sh", "-c", "sleep 97; :")) {
                Proc command = running.command("sleep", "97");
                String inUse = lab(host, "doctor").out();
                ProcessHandle.of(running.run().pid()).orElseThrow().destroyForcibly();
                running.result();

                String left = lab(host, "doctor").out();

                assertThat(inUse).containsPattern("ok +left over ");
                String pid = command.status("NSpid").split("\\s+")[1];
                assertThat(left)
                        .containsPattern("note +left over +of runs that were killed: " + host.directory()
                                + "/containers/[0-9a-f]{12}, .*/container-[0-9a-f]{12}, in which [\\d ]*" + pid
                                + " live on\n +-> ./lab run 6 true ");
                assertThat(xray(host).err())
                        .startsWith("lab: no container is running, but processes of a run that was killed are left, ")
                        .containsPattern("[ ]" + pid + "[; ]")
                        .hasLineCount(1);
                assertThat(host.run("true").exit()).isZero();
                assertThat(lab(host, "doctor").out()).containsPattern("ok +left over ");
                assertThat(xray(host).err()).contains("no container is running; start one");
            }
        }
    }

    @Test
    void whatIsMountedInALeftoverIsTakenAwayFirst() throws Exception {
        Path point = Files.createDirectories(directory.resolve("home/containers/0123456789ab/upper/mnt"));

        Result doctor = lab("-m", "mount -t tmpfs tmpfs '" + point + "'", "doctor");

        assertThat(doctor.out()).contains("-> sudo umount " + point.toRealPath() + " && ./lab run 6 true ");
    }

    private static Result lab(Host host, String... arguments) throws Exception {
        try (Running running = XrayRecorder.lab(host, arguments)) {
            return running.result();
        }
    }

    private static Result xray(Host host) throws Exception {
        return lab(host, "xray");
    }
}
