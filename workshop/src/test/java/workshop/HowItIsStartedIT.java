package workshop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import testkit.Host;
import testkit.Privileged;
import testkit.Program;
import testkit.Result;

/** Each step, whatever the surroundings and the arguments are like. */
@Privileged
class HowItIsStartedIT {
    /** Without the options that ./lab gives. */
    private static final String JAVA = System.getProperty("java.home") + "/bin/java";

    private Host host;

    @AfterEach
    void close() throws IOException {
        host.close();
    }

    static IntStream steps() {
        return IntStream.rangeClosed(1, 6);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void bytesThatAreNoUtf8ReachTheCommand(int step) throws IOException {
        Result result = sh(step, "x=$(printf 'x\\351\\377'); V=$x " + lab(step) + " sh -c 'echo \"$1,$V\"' sh \"$x\"");

        assertThat(result.out()).isEqualTo("x\u00e9\u00ff," + (step == 1 ? "x\u00e9\u00ff" : "") + "\n");

        Result missing = host.execute("x=$(printf 'x\\351\\377'); " + lab(step) + " \"$x\"");
        assertThat(missing.exit()).isEqualTo(127);
        assertThat(errors(missing)).singleElement().asString().contains("[\"x\\xe9\\xff\"]");
    }

    @ParameterizedTest
    @MethodSource("steps")
    void whoStartsItMayIgnoreSigchld(int step) throws IOException {
        String command = " sh -c 'grep SigIgn /proc/self/status; exit 7'";

        Result result = sh(step, "env --ignore-signal=CHLD " + lab(step) + command);

        assertThat(result.exit()).as(result.err()).isEqualTo(7);
        assertThat(result.out()).startsWith("SigIgn:");
        long ignored = Long.parseUnsignedLong(result.out().split("\\s+")[1], 16);
        assertThat(ignored & 1 << 17 - 1).as(result.out()).isZero();
    }

    static Stream<Arguments> optionsOfTheSurroundings() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String debugger = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + port;
        String monitor =
                "-Duser.language=en -Dcom.sun.management.jmxremote.authenticate=false -Dcom.sun.management.jmxremote.ssl=false"
                        + " -Dcom.sun.management.jmxremote.port=" + port;
        return IntStream.rangeClosed(2, 6).boxed().flatMap(step -> Stream.of(
                        "JAVA_TOOL_OPTIONS=-XX:+UseG1GC " + JAVA,
                        "_JAVA_OPTIONS=-XX:+UseG1GC " + JAVA,
                        "JDK_JAVA_OPTIONS=-XX:+UseG1GC " + JAVA,
                        "JAVA_TOOL_OPTIONS=" + debugger + " " + JAVA,
                        JAVA + " " + debugger,
                        JAVA + " " + monitor)
                .map(java -> Arguments.of(step, java)));
    }

    @ParameterizedTest
    @MethodSource("optionsOfTheSurroundings")
    void theSurroundingsJavaOptionsAreNotTheChilds(int step, String java) throws IOException {
        Result result = sh(step, java + " -jar '" + Steps.jar(step) + "' run sh -c 'exit 7'");

        assertThat(result.exit()).as(result.out() + result.err()).isEqualTo(7);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aWrongCommandLineIsOneLineAnd2(int step) throws IOException {
        host = new Host();
        for (String arguments : List.of("--no-such true", "", "--no-such", "--rootfs", "--memory 10x true")) {
            Result result =
                    host == null ? sh(step, lab(step) + " " + arguments) : host.execute(lab(step) + " " + arguments);

            assertThat(result.exit()).as(arguments + ": " + result.err()).isEqualTo(2);
            assertThat(result.err().lines())
                    .as(arguments)
                    .singleElement()
                    .asString()
                    .startsWith("container: ");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6})
    void whatLooksLikeAVariableInLabHomeIsItsName(int step) throws IOException {
        Result result = sh(step, "export LAB_HOME='/no/${sys:user.home}/a${b}c'; exec " + lab(step) + " true");

        assertThat(result.exit()).isEqualTo(125);
        assertThat(errors(result)).singleElement().asString().contains("/no/${sys:user.home}/a${b}c/rootfs");
    }

    /** Where not all of /proc can be seen, as in a container, not even the namespace's root may mount another. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6})
    void rootOfAUserNamespaceLearnsWhyItMayNot(int step) throws IOException {
        Result result = sh(
                step,
                "exec unshare --mount sh -c 'mount -t tmpfs none /proc/fs && exec unshare -Ur \"$@\"' sh " + lab(step)
                        + " true");

        assertThat(result.exit()).isEqualTo(125);
        assertThat(errors(result))
                .singleElement()
                .asString()
                .contains("mount(", "EPERM", "root of a user namespace is not the machine's root");
    }

    private Result sh(int step, String script) throws IOException {
        host = new Host(Program.ofJar(Steps.jar(step)));
        return host.execute(script);
    }

    /** `run` of a step, as ./lab starts it. */
    private static String lab(int step) throws IOException {
        return Program.ofJar(Steps.jar(step)).command().stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" "))
                + " run";
    }

    private static Stream<String> errors(Result result) {
        return result.err().lines().filter(line -> !line.matches("(Running|Limits) .*"));
    }
}
