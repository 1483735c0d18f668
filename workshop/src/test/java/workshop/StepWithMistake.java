package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A step's sources with a patch applied to them, compiled without Maven. */
final class StepWithMistake {
    private StepWithMistake() {}

    /** @param folder where; it has {@code src} and {@code classes} then */
    static void make(int step, Path patch, Path folder) throws IOException, InterruptedException {
        copySources(step, folder);
        Process git = new ProcessBuilder(
                        "git", "apply", "--verbose", patch.toAbsolutePath().toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(git.getInputStream().readAllBytes(), UTF_8);
        assertThat(git.waitFor() == 0 && !said.contains("offset"))
                .as("%s applies to step %d as it is now: %s", patch, step, said)
                .isTrue();
        assertThat(compile(step, folder)).as(patch + " compiles").isTrue();
    }

    static void copySources(int step, Path folder) throws IOException {
        Path sources = Steps.jar(step).getParent().resolveSibling("src/main");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve("src/main").resolve(sources.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    static boolean compile(int step, Path folder) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path classes = Files.createDirectories(folder.resolve("classes"));
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, UTF_8);
                Stream<Path> files = Files.walk(folder.resolve("src/main/java"))) {
            List<Path> sources = files.filter(Files::isRegularFile).toList();
            List<String> options = List.of("-proc:none", "-cp", Steps.jar(step).toString(), "-d", classes.toString());
            return compiler.getTask(null, manager, null, options, null, manager.getJavaFileObjectsFromPaths(sources))
                    .call();
        }
    }
}
