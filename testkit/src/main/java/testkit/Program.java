package testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A container program, from outside: anything that obeys {@code run COMMAND…}. */
public record Program(List<String> command) {
    /** A step's jar, or an attendee's, started with this JVM's own java. */
    public static Program ofJar(Path jar) {
        Path program = jar.toAbsolutePath().normalize();
        List<String> command = new ArrayList<>(List.of( // as ./lab starts it
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:CompileThresholdScaling=4",
                "-XX:+UseTransparentHugePages",
                "-Xmn8m",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0",
                "-XX:-PrintWarnings",
                "-XX:-UseContainerSupport",
                "-XX:-UsePerfData", // its file in /tmp is named after a PID, and there are several namespaces of them
                "-Xshare:auto",
                "-Xlog:disable"));
        Path archive = Path.of(program.toString().replaceAll("\\.jar$", "") + ".jsa");
        if (Files.exists(archive)) {
            command.add("-XX:SharedArchiveFile=" + archive);
            command.add("-Djffi.boot.library.path=" + archive.resolveSibling("jni"));
        }
        command.addAll(List.of("-jar", program.toString()));
        return new Program(command);
    }
}
