package container;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import testkit.Checks;
import testkit.Privileged;
import testkit.Program;

@Privileged
class PromisesIT {
    @TestFactory
    Stream<DynamicTest> keeps() {
        Program step = Program.ofJar(Path.of(System.getProperty("jar")));
        return Checks.upTo(4).stream().map(check -> dynamicTest(check.promise(), () -> check.run(step)));
    }
}
