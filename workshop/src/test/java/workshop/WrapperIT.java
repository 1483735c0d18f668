package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first build on a machine without unzip, for which mvnw has two lines of ours. */
class WrapperIT {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    private Path archive;

    /** All programs of this machine but unzip, and a wget that needs no network. */
    @BeforeEach
    void machine() throws Exception {
        Path programs = Files.createDirectory(directory.resolve("programs"));
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/usr/bin"))) {
            for (Path program : all) {
                if (!program.endsWith("unzip") && !program.endsWith("wget")) {
                    Files.createSymbolicLink(programs.resolve(program.getFileName()), program);
                }
            }
        }
        script(directory.resolve("maven/bin/mvn"), "echo Maven \"$@\"");
        archive = directory.resolve("maven.tar.gz");
        assertThat(execute("tar", "-czf", archive.toString(), "-C", directory.toString(), "maven"))
                .isEmpty();
        script(programs.resolve("wget"), "case $2 in *.tar.gz) cp '" + archive + "' \"$4\" ;; esac");
        Files.copy(CHECKOUT.resolve("mvnw"), directory.resolve("mvnw"));
    }

    @Test
    void mavenIsUnpackedIfItsSumIsRight() throws Exception {
        byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive));

        assertThat(mvnw(HexFormat.of().formatHex(sum))).isEqualTo("Maven package\n");
    }

    @Test
    void mavenIsNotUnpackedIfItsSumIsWrong() throws Exception {
        assertThat(mvnw("0".repeat(64)))
                .contains("Failed to validate Maven distribution SHA-256")
                .doesNotContain("Maven package");
    }

    private String mvnw(String sum) throws Exception {
        Path properties = Path.of(".mvn/wrapper/maven-wrapper.properties");
        String ours = Files.readString(CHECKOUT.resolve(properties));
        assertThat(ours).containsPattern("(?m)^tarGzSha256Sum=[0-9a-f]{64}$");
        Files.createDirectories(directory.resolve(properties).getParent());
        Files.writeString(
                directory.resolve(properties), ours.replaceFirst("(?m)^tarGzSha256Sum=.*$", "tarGzSha256Sum=" + sum));
        return execute("sh", "mvnw", "package");
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private String execute(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(List.of(command)).directory(directory.toFile());
        builder.environment()
                .putAll(Map.of(
                        "PATH", directory.resolve("programs").toString(),
                        "MAVEN_USER_HOME", directory.resolve("home").toString()));
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return output;
    }
}
