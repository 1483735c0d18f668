package workshop.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Sources compiled in this process, which takes a tenth of the time that Maven takes. */
public final class Compiled {
    private Compiled() {}

    /** @param sources texts by path */
    public static void into(Path directory, Map<String, String> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        List<JavaFileObject> units = sources.entrySet().stream()
                .filter(source -> source.getKey().endsWith(".java"))
                .map(source -> (JavaFileObject)
                        new SimpleJavaFileObject(
                                URI.create("string:///" + source.getKey()), JavaFileObject.Kind.SOURCE) {
                            @Override
                            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                                return source.getValue();
                            }
                        })
                .collect(Collectors.toList());
        List<String> options = List.of(
                "--release",
                "17",
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                directory.toString());
        boolean compiles =
                compiler.getTask(messages, null, null, options, null, units).call();
        assertThat(compiles).as(messages.toString()).isTrue();
    }
}
