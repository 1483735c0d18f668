package workshop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code xray} shows of a process. Plain data: whoever reads it needs no JNR, and no root.
 *
 * @param pid of the process, on the host
 * @param command what it executes
 * @param run the command that started its container; empty if that was no step
 * @param rows the same ones for each process, in the same order
 */
public record XrayView(long pid, String command, String run, List<Row> rows) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * One fact.
     *
     * @param host as it is for who looks, on the host
     * @param container as it is for the process
     * @param differs whether the two are different things, not only different numbers
     */
    public record Row(String name, String host, String container, boolean differs) {}

    /** @throws IOException if there is no such file, or it holds something else */
    public static XrayView read(Path json) throws IOException {
        return JSON.readValue(Files.readString(json), XrayView.class);
    }

    public static XrayView parse(String json) throws IOException {
        return JSON.readValue(json, XrayView.class);
    }

    public String toJson() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
