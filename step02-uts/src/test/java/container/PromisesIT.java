package container;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import testkit.CheckRun;
import testkit.Checks;
import testkit.Privileged;
import testkit.Program;

@Privileged
class PromisesIT {
    private static final CheckRun RUN = new CheckRun(Program.ofJar(Path.of(System.getProperty("jar"))));

    @AfterAll
    static void close() throws IOException {
        RUN.close();
    }

    @TestFactory
    Stream<DynamicTest> keeps() {
        return Checks.upTo(2).stream().map(check -> dynamicTest(check.promise(), () -> RUN.run(check)));
    }
}
