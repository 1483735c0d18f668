package testkit;

import java.nio.file.Path;
import java.util.List;

/** A container program, from outside: anything that obeys {@code run COMMAND…}. */
public record Program(List<String> command) {
    /** A step's jar, or an attendee's, started with this JVM's own java. */
    public static Program ofJar(Path jar) {
        return new Program(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData", // its file in /tmp is named after a PID, and there are several namespaces of them
                "-jar",
                jar.toAbsolutePath().toString()));
    }
}
