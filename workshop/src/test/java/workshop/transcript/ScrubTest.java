package workshop.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import workshop.transcript.Scrub.Rule;

class ScrubTest {
    private static Scrub scrub(Rule... rules) {
        return new Scrub(Arrays.stream(rules).collect(Collectors.toSet()));
    }

    @Test
    void aPidIsTheSameEachTimeAndAnotherIsAnother() {
        Scrub scrub = scrub(Rule.PID);
        assertThat(scrub.output("Running [sh] as 1153\n")).isEqualTo("Running [sh] as 4711\n");
        assertThat(scrub.output("1160 1153 /proc/1160/ns")).isEqualTo("4712 4711 /proc/4712/ns");
        assertThat(scrub.input("ls /proc/4712/ns 4711 4713 47110")).isEqualTo("ls /proc/1160/ns 1153 4713 47110");
    }

    @Test
    void whatIsNoPidStays() {
        String text = "20 1100 137 104857600 3.1200 1200.5 0x1200 as1200 container 12000";
        assertThat(scrub(Rule.PID).output(text)).isEqualTo(text);
    }

    @Test
    void aPidInsideStaysInItsColumnAnd1Is1() {
        assertThat(scrub(Rule.INNER_PID)
                        .output("    1 root     sh\n   23 root     ps\n  123 root     ps\n[1] 23\n20\n"))
                .isEqualTo("    1 root     sh\n   17 root     ps\n   18 root     ps\n[1] 17\n20\n");
    }

    @Test
    void namespacesAreToldApart() {
        assertThat(scrub(Rule.NAMESPACE).output("uts:[4026531838] uts:[4026532188] uts:[4026531838]"))
                .isEqualTo("uts:[4026532201] uts:[4026532202] uts:[4026532201]");
    }

    @Test
    void aDateIsReplacedAndNothingElse() {
        assertThat(scrub(Rule.DATE)
                        .output("lrwxrwxrwx 1 root root 0 Nov 23 18:12 /proc/1/root -> /\n- 7 Feb  3  2025 x"))
                .isEqualTo("lrwxrwxrwx 1 root root 0 Jan  1 12:00 /proc/1/root -> /\n- 7 Jan  1 12:00 x");
    }

    @Test
    void theBannerIsLeftOut() {
        assertThat(scrub(Rule.BANNER)
                        .output("Running [sh] as 1\n\n\nBusyBox v1.35.0 (Debian) built-in shell (ash)\n"
                                + "Enter 'help' for a list of built-in commands.\n\n"))
                .isEqualTo("Running [sh] as 1\n");
    }

    @Test
    void ofAForkBombItIsShownOnceThatAForkFailed() {
        String retry = "bash: fork: retry: Resource temporarily unavailable\n";
        String failed = "bash: fork: Resource temporarily unavailable\n";
        String done = "[1]+  Done                    : | :\n";
        Scrub scrub = scrub(Rule.FORK_RETRY);
        for (String said : List.of(
                retry,
                "bash-5.2# " + retry + retry,
                retry + "bash-5.2# " + retry,
                failed + retry + done,
                done + "bash-5.2# " + retry + failed)) {
            assertThat(List.of(
                            "[1] 17\n" + said + "end\n", said + "[1] 17\nend\n", retry + "[1] 17\n" + said + "end\n"))
                    .allSatisfy(all -> assertThat(scrub.output(all)).isEqualTo("[1] 17\n" + retry + "...\nend\n"));
            assertThat(scrub.output(said + "exit\n" + said + "# ")).isEqualTo("exit\n# ");
        }
        String other = "[1] 17\n" + failed + done + "bash: fork: retry: Cannot allocate memory\n";
        assertThat(scrub.output(other)).isEqualTo(other);
    }

    @Test
    void aTmpfsIsShownWithoutTheSizeOfItsInodes() {
        Scrub scrub = scrub(Rule.INODE64);
        assertThat(scrub.output("tmpfs on /mnt type tmpfs (rw,relatime,inode64)\n"))
                .isEqualTo("tmpfs on /mnt type tmpfs (rw,relatime)\n");
        assertThat(scrub.output("tmpfs /mnt tmpfs rw,relatime,inode64 0 0\n"))
                .isEqualTo("tmpfs /mnt tmpfs rw,relatime 0 0\n");
    }

    @Test
    void aRunsIdentityIsItsOwnWhereverItStands() {
        Scrub scrub = scrub(Rule.RUN_ID);
        assertThat(scrub.output("container-0123456789ab containers/0123456789ab/upper kept-ba9876543210 0123456789ab"))
                .isEqualTo("container-6f0a41c7d2e0 containers/6f0a41c7d2e0/upper kept-6f0a41c7d2e1 0123456789ab");
        assertThat(scrub.input("cd container-6f0a41c7d2e0")).isEqualTo("cd container-0123456789ab");
    }

    @Test
    void limitsAreShownAsOnV2() {
        String v2 = "Limits in /sys/fs/cgroup/container-6f0a41c7d2e0 (cgroup v2)\n";
        assertThat(scrub(Rule.LIMITS)
                        .output("Limits in /sys/fs/cgroup/pids/container-6f0a41c7d2e0 (cgroup v1)\n"
                                + "Limits in /sys/fs/cgroup/memory/container-6f0a41c7d2e0 (cgroup v1)\n"))
                .isEqualTo(v2);
        assertThat(scrub(Rule.LIMITS).output(v2)).isEqualTo(v2);
    }
}
