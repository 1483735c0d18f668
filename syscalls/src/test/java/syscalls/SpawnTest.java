package syscalls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class SpawnTest {
    /** Signals 32 and 33, glibc's own: its posix_spawn(3) ignores them in the child, for ProcessBuilder's too. */
    private static final String SIGNALS_OF_GLIBC = "0000000180000000";

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255})
    void waitpidGivesTheExitCode(int code) throws Exception {
        assertThat(run("spawn", "sh", "-c", "exit " + code).status()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "KILL, 137", "ABRT, 134"})
    void waitpidGives128AndTheSignal(String signal, int status) throws Exception {
        assertThat(run("spawn", "sh", "-c", "ulimit -c 0; kill -" + signal + " $$")
                        .status())
                .isEqualTo(status);
    }

    @Test
    void waitpidOfAStrangerFails() {
        assertThatThrownBy(() -> Launcher.waitpid(1)).hasMessage("waitpid(1): ECHILD (No child processes)");
    }

    @Test
    void environmentOutputAndErrorAreThisPrograms() throws Exception {
        ProcessBuilder scene = Ended.scene("spawn", "sh", "-c", "echo \"$GREETING\" >&2");
        scene.environment().put("GREETING", "a = b");

        assertThat(Ended.of(scene)).isEqualTo(new Ended(0, "a = b\n"));
    }

    @Test
    void argumentsArriveInUtf8AndEmptyOnesToo() throws Exception {
        assertThat(run("spawn unicode").output()).isEqualTo("<" + Scene.UNICODE + "><>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void argumentsOfAnyBytesArrive(String locale) throws Exception {
        ProcessBuilder scene = Ended.scene("spawn, as typed", "printf", "%s,");

        assertThat(withBytes(scene, locale)).isEqualTo("x\u00e9\u00ff,,\u00c3\u00a9,");
    }

    @Test
    void argumentsInAFileOfJavasMayStandBeforeThem(@TempDir Path directory) throws Exception {
        ProcessBuilder scene = Ended.scene();
        String main = scene.command().remove(scene.command().size() - 1);
        Path file = Files.writeString(directory.resolve("options"), main + " 'spawn, as typed' printf %s,");
        scene.command().add("@" + file);

        assertThat(withBytes(scene, "C.UTF-8")).isEqualTo("x\u00e9\u00ff,,\u00c3\u00a9,");
    }

    @Test
    void argumentsMayAllStandInAFileOfJavas(@TempDir Path directory) throws Exception {
        ProcessBuilder scene = Ended.scene();
        List<String> command = scene.command();
        List<String> all = new ArrayList<>(command.subList(1, command.size()));
        all.addAll(List.of("'spawn, as typed'", "printf", "%s,", "\u00e9", "a", "b", "c", "d"));
        command.subList(1, command.size()).clear();
        command.add("@" + Files.writeString(directory.resolve("options"), String.join(" ", all)));

        assertThat(Ended.of(scene)).isEqualTo(new Ended(0, "\u00e9,a,b,c,d,"));
    }

    /** With three more arguments, the first of bytes that are no UTF-8: Java could hand over none such. */
    private static String withBytes(ProcessBuilder scene, String locale) throws Exception {
        String script = "exec \"$@\" \"$(printf 'x\\351\\377')\" '' \"$(printf '\\303\\251')\"";
        scene.command().addAll(0, List.of("sh", "-c", script, "sh"));
        scene.environment().put("LC_ALL", locale);
        return new String(Ended.start(scene).getInputStream().readAllBytes(), ISO_8859_1);
    }

    @Test
    void aLongArgumentArrives() throws Exception {
        assertThat(run("spawn long")).isEqualTo(new Ended(0, "100000\n"));
    }

    @Test
    void spawnsOftenWhileMemoryIsShort() throws Exception {
        Ended ended = Ended.of(Ended.scene(List.of("-Xmx32m"), "spawn often", "1000"));

        assertThat(ended).isEqualTo(new Ended(0, ""));
    }

    @Test
    void theCommandHasNoneOfTheJvmsOpenFiles() throws Exception {
        assertThat(run("spawn", "ls", "/proc/self/fd").output().lines())
                .containsExactly("0", "1", "2", "3"); // 3 is ls's own, of this directory
    }

    @Test
    void theCommandBlocksAndIgnoresNoSignal() throws Exception {
        assertThat(run("spawn", "grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status")
                        .output()
                        .lines())
                .first()
                .isEqualTo("SigBlk:\t0000000000000000");
        assertThat(ignored(run("spawn", "grep", "SigIgn", "/proc/self/status"))).isZero();
    }

    /** Without {@link #SIGNALS_OF_GLIBC}. */
    static long ignored(Ended grep) {
        return Long.parseUnsignedLong(grep.output().trim().split("\t")[1], 16)
                & ~Long.parseUnsignedLong(SIGNALS_OF_GLIBC, 16);
    }

    @Test
    void thisProgramStartsThisProgramWithJustTheseArguments() throws Exception {
        assertThat(run("this program").output().lines())
                .containsExactly("<>", "<a b>", "<-x>", "<-->", "<$HOME>", "<7>", "<" + Scene.UNICODE + ">", "<@file>");
    }

    @Test
    void thisProgramLaysListsOut() {
        List<String> command =
                Launcher.thisProgram(Scene.class, "--rootfs", Path.of("/a b"), List.of("-c", "x y"), List.of(), 7);

        assertThat(command)
                .startsWith("/proc/self/exe")
                .endsWith(Scene.class.getName(), "--rootfs", "/a b", "-c", "x y", "7");
    }

    @Test
    void aCommandThatIsMissingIs127() throws Exception {
        Ended ended = run("spawn", "no-such-command", "-x");

        assertThat(ended)
                .isEqualTo(new Ended(
                        127,
                        "posix_spawnp(\"no-such-command\", [\"no-such-command\", \"-x\"]):"
                                + " ENOENT (No such file or directory): no such command here\n"));
    }

    @Test
    void ofAnEmptyNameThereIsNoCommand() {
        SyscallException e = catchThrowableOfType(SyscallException.class, () -> Launcher.spawn(List.of("")));

        assertThat(e.errno()).isEqualTo(Errno.ENOENT.intValue());
        assertThat(e.exitStatus()).isEqualTo(127);
    }

    private static Ended run(String... arguments) throws Exception {
        return Ended.of(Ended.scene(arguments));
    }
}
