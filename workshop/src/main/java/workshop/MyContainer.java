package workshop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import syscalls.Leftovers;
import workshop.code.Checkout;
import workshop.code.Skeleton;
import workshop.code.Task;

/** The attendee's own module: the folder {@code my-container} of a checkout. Nothing in it gets lost. */
final class MyContainer {
    static final String NAME = "my-container";

    /** How it is made for a step. */
    enum Made {
        /** With something left to do. */
        SKELETON,
        SOLUTION
    }

    private static final String NEW = NAME + ".new-";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss", Locale.ROOT);

    private final Checkout checkout;
    private final Path folder;

    MyContainer(Path checkout) {
        this.checkout = new Checkout(checkout);
        folder = checkout.resolve(NAME);
    }

    boolean exists() {
        return Files.exists(folder, NOFOLLOW_LINKS);
    }

    Path folder() {
        return folder;
    }

    /** @throws IOException if there is none, or it does not say */
    int step() throws IOException {
        if (!exists()) {
            throw new IOException("there is no " + NAME + " yet: ./lab start 1 makes it");
        }
        Path file = folder.resolve("STEP");
        String text = Files.exists(file) ? Files.readString(file).strip() : "";
        if (!text.matches("\\d{1,2}")) {
            throw new IOException(file + " does not say which step it is at: ./lab start N makes it anew");
        }
        return Integer.parseInt(text);
    }

    Made made() throws IOException {
        return record().startsWith(Made.SOLUTION.name()) ? Made.SOLUTION : Made.SKELETON;
    }

    /** Whether it differs from what it was made as. */
    boolean isChanged() throws IOException {
        return !record().endsWith(" " + digest(folder));
    }

    private String record() throws IOException {
        Path file = folder.resolve(".made");
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    /** Its sources' texts, by their paths in it. */
    Map<String, String> sources() throws IOException {
        return sources(folder);
    }

    private static Map<String, String> sources(Path module) throws IOException {
        Map<String, String> sources = new TreeMap<>();
        if (Files.isDirectory(module.resolve("src/main"))) {
            try (Stream<Path> tree = Files.walk(module.resolve("src/main"))) {
                for (Path file : (Iterable<Path>) tree.filter(Files::isRegularFile)::iterator) {
                    sources.put(module.relativize(file).toString(), new String(content(file), UTF_8));
                }
            }
        }
        return sources;
    }

    /** With the lines' ends as they are here: an editor that was used on Windows may have saved it. */
    private static byte[] content(Path file) throws IOException {
        return new String(Files.readAllBytes(file), ISO_8859_1)
                .replace("\r\n", "\n")
                .getBytes(ISO_8859_1);
    }

    /** What it is made of: the sources' texts, by their paths in it. */
    Map<String, String> sources(int step, Made made) throws IOException {
        return made == Made.SOLUTION
                ? sources(checkout.step(step))
                : new TreeMap<>(Skeleton.of(checkout, step, Task.of(step)).files());
    }

    /** The files of the one that the other has not, or has otherwise, and the other way round. */
    static List<String> differing(Map<String, String> one, Map<String, String> other) {
        return Stream.concat(one.keySet().stream(), other.keySet().stream())
                .distinct()
                .filter(file -> !Objects.equals(one.get(file), other.get(file)))
                .sorted()
                .toList();
    }

    /** The names, without folders, of what the attendee changed, as far as that can be told. */
    List<String> changes() throws IOException {
        try {
            return differing(sources(), sources(step(), made())).stream()
                    .map(file -> file.substring(file.lastIndexOf('/') + 1))
                    .toList();
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }

    /**
     * Makes it anew. What the attendee changed is moved aside first; the new one appears whole or not at all.
     *
     * @return where the old one is now; nothing if there was none, or one that nobody had changed
     * @throws IOException if it cannot be made; the old one is then as it was
     */
    Optional<Path> make(int step, Made made) throws IOException {
        Map<String, String> sources = sources(step, made);
        String pom = pom(step);
        removeLeftovers();
        Path building = null;
        try {
            building = Files.createTempDirectory(folder.getParent(), NEW);
            Files.setPosixFilePermissions(building, Files.getPosixFilePermissions(folder.getParent()));
            for (Map.Entry<String, String> source : sources.entrySet()) {
                Path file = building.resolve(source.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, source.getValue());
            }
            Files.writeString(building.resolve("pom.xml"), pom);
            Files.writeString(building.resolve("STEP"), step + "\n");
            Files.writeString(building.resolve(".made"), made + " " + digest(building) + "\n");
            return putInPlace(building);
        } catch (IOException e) {
            throw new IOException(
                    "could not make " + folder + ": " + reason(e) + (exists() ? "; the old one is as it was" : ""), e);
        } finally {
            if (building != null && Files.exists(building)) {
                Leftovers.deleteTree(building);
            }
        }
    }

    private Optional<Path> putInPlace(Path building) throws IOException {
        if (!exists()) {
            Files.move(building, folder);
            return Optional.empty();
        }
        boolean changed = isChanged();
        Path kept = kept(changed);
        Files.move(folder, kept);
        try {
            Files.move(building, folder);
        } catch (IOException e) {
            Files.move(kept, folder);
            throw e;
        }
        if (changed) {
            deleteQuietly(kept.resolve("target")); // it can be built again
            return Optional.of(kept);
        }
        deleteQuietly(kept);
        return Optional.empty();
    }

    private Path kept(boolean changed) throws IOException {
        if (!changed) {
            return folder.resolveSibling(NEW + "old-" + ProcessHandle.current().pid());
        }
        Path all = Files.createDirectories(folder.resolveSibling(NAME + ".kept"));
        String name = LocalDateTime.now(ZoneId.systemDefault()).format(TIME);
        Path kept = all.resolve(name);
        for (int i = 2; Files.exists(kept, NOFOLLOW_LINKS); i++) {
            kept = all.resolve(name + "-" + i);
        }
        return kept;
    }

    /** Of one that was interrupted. */
    private void removeLeftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder.getParent())) {
            files.filter(file -> file.getFileName().toString().startsWith(NEW)).forEach(MyContainer::deleteQuietly);
        }
    }

    private static void deleteQuietly(Path directory) {
        try {
            if (Files.isDirectory(directory, NOFOLLOW_LINKS)) {
                Leftovers.deleteTree(directory);
            }
        } catch (IOException | UncheckedIOException e) {
            // Built by root, perhaps. It is in nobody's way.
        }
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : e.getMessage();
    }

    /** As the step's; without what is for tests. */
    private String pom(int step) throws IOException {
        Path solution = checkout.step(step);
        return Files.readString(solution.resolve("pom.xml"))
                .replace("<artifactId>" + solution.getFileName() + "<", "<artifactId>" + NAME + "<")
                .replaceAll("(?s)\\s*<dependency>(?:(?!</dependency>).)*<scope>test</scope>\\s*</dependency>", "")
                .replaceFirst("\n  <dependencies>", """

                          <properties>
                            <warnings.fail>false</warnings.fail>
                            <archive>optional</archive>
                          </properties>

                          <dependencies>""".replaceAll("(?m)^ {24}", ""));
    }

    /** Of all that is not built, and not hidden. */
    private static String digest(Path module) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        try (Stream<Path> tree = Files.walk(module)) {
            for (Path file : (Iterable<Path>) tree.filter(Files::isRegularFile).sorted()::iterator) {
                String name = module.relativize(file).toString();
                if (!name.matches("(.*/)?\\..*|target/.*|STEP")) {
                    digest.update((name + "\n").getBytes(UTF_8));
                    digest.update(content(file));
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
