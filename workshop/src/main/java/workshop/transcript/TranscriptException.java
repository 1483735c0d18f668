package workshop.transcript;

import java.io.IOException;
import java.nio.file.Path;

/** A transcript that is none, is not there, or does not run as it did; the message begins with its file and line. */
public final class TranscriptException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param line from 1; 0 if it concerns none */
    TranscriptException(Path file, int line, String message) {
        super(file + (line == 0 ? ": " : ":" + line + ": ") + message);
    }
}
