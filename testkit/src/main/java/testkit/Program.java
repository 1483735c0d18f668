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
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path options = Path.of(program.toString().replaceAll("\\.jar$", "") + ".options");
        if (Files.exists(options)) {
            command.add("@" + options); // as ./lab starts it
        }
        command.addAll(List.of("-jar", program.toString()));
        return new Program(command);
    }
}
