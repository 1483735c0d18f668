package syscalls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads what a container program loads, for the class-data archive that the build makes of it, but contains nothing:
 * it must be harmless to whoever builds, root too. Not a part of any program.
 */
final class Training {
    private Training() {}

    /** @param args the main class, in the jar that is the class path */
    public static void main(String[] args) throws Exception {
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
        Class<?> program = Class.forName(args[0]);
        try (JarFile jar = new JarFile(System.getProperty("java.class.path"))) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                String name = entry.getName().replace('/', '.');
                if (name.matches("(syscalls|" + program.getPackageName() + ")\\..*\\.class")) {
                    Class.forName(name.substring(0, name.lastIndexOf('.')), false, program.getClassLoader());
                }
            }
        }

        Launcher.thisProgram(program, List.of());
        Launcher.launch(() -> Launcher.waitpid(Launcher.spawn(List.of("true"))));
        Linux.write(Path.of("/dev/null"), 0);
        useFiles();
        // picocli asks for these only when a command is run, which help is not.
        Class.forName("picocli.CommandLine$UseDefaultConverter");
        Class.forName("picocli.CommandLine$IExitCodeGenerator");
        try {
            Linux.execvpe(List.of("/"), Map.of()); // a directory, so this cannot succeed
        } catch (SyscallException e) {
            // as expected
        }
        // Builds the command line's model as `run` does, then ends the JVM, which writes the archive.
        program.getMethod("main", String[].class).invoke(null, (Object) new String[] {"run", "--help"});
    }

    /** As layers and cgroups do, in a directory of its own. */
    private static void useFiles() throws IOException {
        Path directory = Files.createTempDirectory("training-");
        try {
            Path parent = Files.createDirectories(directory.resolve("of/a"));
            Path group = Files.createDirectories(parent).resolve(Leftovers.RUN_ID);
            Leftovers.own(group);
            Files.setPosixFilePermissions(group, Files.getPosixFilePermissions(directory.toRealPath()));
            Leftovers.leftovers(parent, "");
            List.of(group).stream().map(Path::getParent).toList();
            Linux.isMountPoint(group);
            Linux.endedProcs(group).iterator().hasNext();
            Leftovers.removeGroups("no-container-");
            Leftovers.removeGroup(group);
            Leftovers.removeTree(parent);
        } finally {
            Leftovers.deleteTree(directory);
        }
        Files.readString(Path.of("/proc/self/status"));
    }
}
