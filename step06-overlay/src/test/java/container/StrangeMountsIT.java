package container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import syscalls.Linux;
import testkit.Privileged;
import testkit.Result;

/** What /proc/self/mountinfo may show, and a step has to read. */
@Privileged
class StrangeMountsIT {
    private Fire fire;

    @BeforeEach
    void makeHost() throws IOException {
        fire = new Fire();
    }

    @AfterEach
    void endHost() throws IOException {
        fire.close();
    }

    /** In a mount namespace of its own, which goes with the run. */
    private Result runAfter(String mounts, String locale) throws IOException {
        String script = mounts + " && export LC_ALL=" + locale + " && exec " + fire.run("sh", "-c", "exit 3");
        return fire.host.execute("unshare --mount sh -c '" + script.replace("'", "'\\''") + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"caf\\351", "a blank", "a\\rreturn", "a\\nnewline", "a\\tb\\\\134", " - cgroup x rw,pids"})
    void aMountPointMayHaveAnyName(String name) throws IOException {
        String mount = "d=\"$(printf '%b' '" + name + "')\" && mkdir \"$d\" && mount -t tmpfs tmpfs \"$d\"";

        for (String locale : new String[] {"C.UTF-8", "C"}) {
            Result result = runAfter(mount, locale);

            assertThat(result.exit()).as(result.err()).isEqualTo(3);
            fire.host.execute("rmdir \"$(printf '%b' '" + name + "')\"");
        }
        assertThat(fire.leftovers()).isEmpty();
    }

    /** It is moved twice: what the host's guard covers there is a mount of the same hierarchy. */
    @Test
    void theHierarchyMayBeBelowAnyName() throws IOException {
        Path pids = Linux.cgroupHierarchy("pids");
        String move = "mkdir \"NAME\" && mount --move " + pids + " \"NAME\" && ";

        Result result =
                runAfter(move.replace("NAME", "my groups") + move.replace("NAME", "more \u00e9") + "true", "C.UTF-8");

        assertThat(result.exit()).as(result.err()).isEqualTo(3);
        assertThat(result.err())
                .containsPattern("Limits in " + fire.host.directory() + "/(my groups|more .*)/container-");
    }

    @Test
    void aHierarchyThatIsCoveredIsNone() throws IOException {
        Path pids = Linux.cgroupHierarchy("pids");

        Result result = runAfter("mount -t tmpfs tmpfs " + pids, "C.UTF-8");

        fire.assertRefused(result, 125, "no mounted cgroup hierarchy has the pids controller; see ./lab doctor");
    }
}
