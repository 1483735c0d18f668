package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How a check of an attendee's container ended.
 *
 * @param failing the first check that failed; null if none did
 */
record CheckResult(int step, int passed, int of, String failing, Instant time) {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ObjectNode json() {
        return JSON.createObjectNode()
                .put("step", step)
                .put("passed", passed)
                .put("of", of)
                .put("failing", failing)
                .put("time", time.toString());
    }

    /** @return nothing if this is no such object, whatever else it is */
    static Optional<CheckResult> of(JsonNode json) {
        try {
            JsonNode failing = json.path("failing");
            CheckResult result = new CheckResult(
                    json.path("step").asInt(-1),
                    json.path("passed").asInt(-1),
                    json.path("of").asInt(-1),
                    failing.isTextual() ? failing.asText() : null,
                    Instant.parse(json.path("time").asText()));
            boolean possible = result.step >= 0 && result.passed >= 0 && result.passed <= result.of;
            return possible ? Optional.of(result) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Path file(MyContainer container) {
        return container.folder().resolve("target/last-check.json");
    }

    /** The last one, if nothing has been saved since. */
    static Optional<CheckResult> last(MyContainer container) throws IOException {
        Path file = file(container);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        for (String source : container.sources().keySet()) {
            FileTime saved = Files.getLastModifiedTime(container.folder().resolve(source));
            if (saved.compareTo(Files.getLastModifiedTime(file)) > 0) {
                return Optional.empty();
            }
        }
        try {
            return of(JSON.readTree(file.toFile()));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** For ./lab status: in the container's target, and its owner's as that is, though root writes it. */
    void keep(MyContainer container) throws IOException {
        Path file = file(container);
        Path whole = Files.createTempFile(file.getParent(), "last-check", ".part");
        Files.writeString(whole, json() + "\n");
        for (String owner : List.of("unix:gid", "unix:uid")) {
            Files.setAttribute(whole, owner, Files.getAttribute(file.getParent(), owner));
        }
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Adds a line to the attendee's file in the instructor's folder: as who called sudo, for root may not write there. */
    void share(Path folder) throws IOException {
        String user = System.getenv().getOrDefault("SUDO_USER", System.getProperty("user.name"));
        String name = System.getenv().getOrDefault("LAB_NAME", user);
        Path file = folder.resolve(fileName(name));
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("could not tell the instructor: " + file + " is no file to write to");
        }
        List<String> command = new ArrayList<>();
        if (System.getenv("SUDO_USER") != null) {
            command.addAll(List.of("runuser", "-u", user, "--"));
        }
        command.addAll(List.of("tee", "-a", "--", file.toString()));
        Process tee = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (OutputStream line = tee.getOutputStream()) {
            line.write((json().put("name", name) + "\n").getBytes(UTF_8));
        }
        String said = new String(tee.getErrorStream().readAllBytes(), UTF_8).strip();
        try {
            if (!tee.waitFor(10, TimeUnit.SECONDS) || tee.exitValue() != 0) {
                throw new IOException("could not tell the instructor: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of letters, digits and what else is harmless. */
    static String fileName(String name) {
        String harmless = name.replaceAll("[^\\p{L}\\p{N}._@-]", "-").replaceFirst("^[.-]+", "");
        return (harmless.isEmpty() ? "somebody" : harmless) + ".jsonl";
    }
}
