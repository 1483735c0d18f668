package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import syscalls.Mount;
import workshop.Finding.Verdict;

class DiagnosisTest {
    private static final String V1 = """
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
            39 31 0:36 / /sys/fs/cgroup/pids rw,relatime shared:10 - cgroup cgroup rw,pids
            """;
    private static final String V2 =
            "35 24 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
    private static final String HYBRID = V1 + "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";

    private static List<Finding> cgroups(String mountinfo, Map<String, String> files) {
        return Diagnosis.cgroups(
                Mount.parse(mountinfo.getBytes(UTF_8)), file -> Optional.ofNullable(files.get(file.toString())));
    }

    @Test
    void cgroupV2() {
        assertThat(cgroups(
                        V2,
                        Map.of(
                                "/sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n",
                                "/sys/fs/cgroup/cgroup.subtree_control", "memory\n")))
                .containsExactly(
                        Finding.ok("cgroups", "v2"),
                        Finding.ok("cgroup pids", "v2, which a step will have to turn on, at /sys/fs/cgroup"),
                        Finding.ok("cgroup memory", "v2, at /sys/fs/cgroup"));
    }

    @Test
    void cgroupV1() {
        assertThat(cgroups(V1, Map.of()))
                .containsExactly(
                        Finding.ok("cgroups", "v1"),
                        Finding.ok("cgroup pids", "v1, at /sys/fs/cgroup/pids"),
                        Finding.ok("cgroup memory", "v1, at /sys/fs/cgroup/memory"));
    }

    @Test
    void cgroupHybridUsesV1() {
        assertThat(cgroups(HYBRID, Map.of("/sys/fs/cgroup/unified/cgroup.controllers", "hugetlb\n")))
                .containsExactly(
                        Finding.ok("cgroups", "hybrid: v1, and beside it v2 at /sys/fs/cgroup/unified"),
                        Finding.ok("cgroup pids", "v1, at /sys/fs/cgroup/pids"),
                        Finding.ok("cgroup memory", "v1, at /sys/fs/cgroup/memory"));
    }

    @Test
    void aControllerThatTheKernelWasBootedWithout() {
        Finding memory = cgroups(V2, Map.of("/sys/fs/cgroup/cgroup.controllers", "cpu pids\n"))
                .get(2);
        assertThat(memory.verdict()).isEqualTo(Verdict.NOT_OK);
        assertThat(memory.mend()).contains("cgroup_enable=memory").contains("reboot");
    }

    @Test
    void cgroupsReadOnlyAsInAContainer() {
        Finding pids = cgroups(
                        V2.replace(" rw,nosuid", " ro,nosuid"), Map.of("/sys/fs/cgroup/cgroup.controllers", "pids"))
                .get(1);
        assertThat(pids.verdict()).isEqualTo(Verdict.NOT_OK);
        assertThat(pids.mend()).isEqualTo("sudo mount -o remount,rw /sys/fs/cgroup");
    }

    /** Where cgroup.type is, there is a group above, seen or not. */
    @ParameterizedTest
    @CsvSource({"domain, 17, NOT_OK", "domain, '', OK", ", 17, OK"})
    void aContainerWhoseProcessesAreWhereTheLimitsWouldBe(String type, String processes, Verdict verdict) {
        Map<String, String> files = new HashMap<>(
                Map.of("/sys/fs/cgroup/cgroup.controllers", "memory pids\n", "/sys/fs/cgroup/cgroup.procs", processes));
        if (type != null) {
            files.put("/sys/fs/cgroup/cgroup.type", type);
        }
        Finding pids = cgroups(V2, files).get(1);
        assertThat(pids.verdict()).isEqualTo(verdict);
        assertThat(pids.mend().contains("init/cgroup.procs")).isEqualTo(verdict == Verdict.NOT_OK);
    }

    @Test
    void noCgroupsAtAll() {
        assertThat(cgroups("27 1 254:0 / / rw - ext4 /dev/vda rw\n", Map.of()))
                .singleElement()
                .extracting(Finding::verdict)
                .isEqualTo(Verdict.NOT_OK);
    }

    @ParameterizedTest
    @CsvSource({
        "6.18.44-x, OK",
        "5.11.0-1-amd64, OK",
        "5.10.0-30-amd64, NOT_OK",
        "4.19.0, NOT_OK",
        "10.0, OK",
        "garbage, NOT_OK",
    })
    void kernel(String release, Verdict verdict) {
        assertThat(Diagnosis.kernel("Linux", release).get(0).verdict()).isEqualTo(verdict);
    }

    @Test
    void wslIsSaid() {
        assertThat(Diagnosis.kernel("Linux", "5.15.90.1-microsoft-standard-WSL2"))
                .extracting(Finding::verdict)
                .containsExactly(Verdict.OK, Verdict.NOTE);
        assertThat(Diagnosis.kernel("Mac OS X", "23.1"))
                .extracting(Finding::verdict)
                .containsExactly(Verdict.NOT_OK);
    }

    @ParameterizedTest
    @CsvSource({"glibc 2.36, OK", "glibc 2.34, OK", "glibc 2.31, NOT_OK", "'', NOT_OK"})
    void glibc(String version, Verdict verdict) {
        assertThat(Diagnosis.glibc(version).verdict()).isEqualTo(verdict);
    }

    private static List<Finding> namespaces(Set<String> kinds, Map<String, String> sysctls) {
        return Diagnosis.namespaces(kinds, name -> Optional.ofNullable(sysctls.get(name)));
    }

    @Test
    void namespacesForbiddenByTheirNumber() {
        assertThat(namespaces(Set.of("uts", "pid", "mnt"), Map.of("user.max_pid_namespaces", "0")))
                .containsExactly(Finding.notOk(
                        "namespaces",
                        "forbidden by user.max_pid_namespaces = 0",
                        "sudo sysctl -w user.max_pid_namespaces=9999"));
    }

    @Test
    void switchesThatStopOrdinaryUsersOnlyAreHarmless() {
        assertThat(namespaces(
                        Set.of("uts", "pid", "mnt"),
                        Map.of(
                                "user.max_pid_namespaces", "96365",
                                "kernel.apparmor_restrict_unprivileged_userns", "1",
                                "kernel.unprivileged_userns_clone", "0")))
                .extracting(Finding::verdict)
                .containsExactly(Verdict.OK, Verdict.NOTE, Verdict.NOTE);
    }

    @Test
    void aKernelWithoutOneOfTheNamespaces() {
        assertThat(namespaces(Set.of("uts", "mnt"), Map.of()).get(0).found()).contains("[pid]");
    }

    @Test
    void overlay() {
        assertThat(Diagnosis.overlay("nodev\tproc\nnodev\toverlay\n", false).verdict())
                .isEqualTo(Verdict.OK);
        assertThat(Diagnosis.overlay("nodev\tproc\n", true).verdict()).isEqualTo(Verdict.OK);
        assertThat(Diagnosis.overlay("nodev\toverlayfs\n", false).mend()).isEqualTo("sudo modprobe overlay");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rw,relatime - vboxsf vagrant rw",
                "rw - 9p share rw",
                "rw - fuse.sshfs me@there: rw",
                "rw,nodev - ext4 /dev/sdb rw",
                "ro - ext4 /dev/sdb rw",
                "rw - overlay overlay rw"
            })
    void labHomeWhereNoLayerCanBe(String mount) {
        Finding home = Diagnosis.labHome(
                Path.of("/lab/home"), Path.of("/lab"), Mount.parse(("50 1 0:50 / /lab " + mount).getBytes(UTF_8)));
        assertThat(home.verdict()).isEqualTo(Verdict.NOT_OK);
        assertThat(home.mend()).contains("LAB_HOME=");
    }

    @Test
    void labHomeOnALocalDisk() {
        List<Mount> mounts = Mount.parse(("27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw").getBytes(UTF_8));
        assertThat(Diagnosis.labHome(Path.of("/var/lib/lab"), Path.of("/var/lib"), mounts)
                        .verdict())
                .isEqualTo(Verdict.OK);
    }

    @Test
    void temporaryFolderMountedNoexec() {
        List<Mount> mounts =
                Mount.parse(("31 27 0:27 / /tmp rw,nosuid,nodev,noexec shared:3 - tmpfs tmpfs rw").getBytes(UTF_8));
        assertThat(Diagnosis.temporary(Path.of("/tmp"), true, false, mounts).mend())
                .isEqualTo("sudo mount -o remount,exec /tmp");
        assertThat(Diagnosis.temporary(Path.of("/tmp"), true, true, mounts).verdict())
                .isEqualTo(Verdict.NOTE);
        assertThat(Diagnosis.temporary(Path.of("/var/tmp"), true, true, mounts).verdict())
                .isEqualTo(Verdict.OK);
        assertThat(Diagnosis.temporary(Path.of("/var/tmp"), true, false, mounts).verdict())
                .isEqualTo(Verdict.NOT_OK);
        assertThat(Diagnosis.temporary(Path.of("/var/tmp"), false, true, mounts).verdict())
                .isEqualTo(Verdict.NOT_OK);
    }

    /** What the kernel says in the machine's own user namespace, as root of `unshare -Ur`, and in a container. */
    @ParameterizedTest
    @CsvSource({
        "'         0          0 4294967295\n', false, ",
        "'         0       1000          1\n', false, NOT_OK",
        "'         0     100000      65536\n', true, NOTE",
    })
    void rootOfAUserNamespace(String uidMap, boolean mayMount, Verdict verdict) {
        assertThat(Diagnosis.userNamespace(uidMap, () -> mayMount).map(Finding::verdict))
                .isEqualTo(Optional.ofNullable(verdict));
    }

    @Test
    void aHierarchyBelowAnotherMountIsCovered() {
        Finding pids = cgroups(V1 + "60 39 0:50 / /sys/fs/cgroup/pids rw - tmpfs tmpfs rw\n", Map.of())
                .get(1);
        assertThat(pids.verdict()).isEqualTo(Verdict.NOT_OK);
        assertThat(pids.mend()).isEqualTo("sudo umount /sys/fs/cgroup/pids");
        Finding all = cgroups(V2 + "60 24 0:50 / /sys/fs rw - tmpfs tmpfs rw\n", Map.of())
                .get(1);
        assertThat(all.mend()).isEqualTo("sudo umount /sys/fs");
    }

    @Test
    void aJreIsNoJdk() {
        assertThat(Diagnosis.jdk(17, "/jre", false, name -> "install " + name))
                .isEqualTo(Finding.notOk("JDK", "17 in /jre is a JRE, without javac", "install jdk"));
        assertThat(Diagnosis.jdk(11, "/jdk", true, name -> "install " + name).verdict())
                .isEqualTo(Verdict.NOT_OK);
    }
}
