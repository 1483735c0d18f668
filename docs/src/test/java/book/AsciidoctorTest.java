package book;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.log.LogHandler;
import org.asciidoctor.log.LogRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** With an AsciidoctorJ that finds the extensions itself, and all that it complains of. */
abstract class AsciidoctorTest {
    static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    static Asciidoctor asciidoctor;

    @TempDir
    Path directory;

    final List<LogRecord> log = new ArrayList<>();
    private final LogHandler handler = log::add;

    @BeforeAll
    static void start() {
        asciidoctor = Asciidoctor.Factory.create();
    }

    @AfterAll
    static void end() {
        asciidoctor.close();
    }

    @BeforeEach
    void listen() {
        asciidoctor.registerLogHandler(handler);
    }

    @AfterEach
    void listenNoMore() {
        asciidoctor.unregisterLogHandler(handler);
    }
}
