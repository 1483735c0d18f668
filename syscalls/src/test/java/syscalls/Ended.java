package syscalls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that has ended: what it wrote, to standard output and error, and its exit status. */
record Ended(int status, String output) {

    static Ended of(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), output);
    }

    static Ended of(ProcessBuilder builder) throws Exception {
        return of(start(builder));
    }

    static Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        return process;
    }

    /** {@link Scene} in a JVM of its own. */
    static ProcessBuilder scene(List<String> jvmOptions, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        command.add("-XX:-UseContainerSupport"); // as thisProgram
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Scene.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C.UTF-8"); // the JVM's idea of how arguments are encoded
        return builder;
    }

    static ProcessBuilder scene(String... arguments) {
        return scene(List.of(), arguments);
    }
}
