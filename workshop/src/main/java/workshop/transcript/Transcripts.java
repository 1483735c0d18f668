package workshop.transcript;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** The recorded transcripts of a checkout. */
public final class Transcripts {
    private static final String FOLDER = "docs/transcripts";

    private final Path folder;

    public Transcripts(Path checkout) {
        folder = checkout.resolve(FOLDER);
    }

    /** All names, sorted. */
    public List<String> names() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.txt")) {
                files.forEach(file -> names.add(file.getFileName().toString().replaceFirst("\\.txt$", "")));
            }
        }
        return List.copyOf(names);
    }

    /** @throws TranscriptException if there is none of this name; it tells names that are like it */
    public Transcript read(String name) throws IOException {
        Path file = folder.resolve(name + ".txt");
        if (!names().contains(name)) {
            throw new TranscriptException(file, 0, "there is no transcript '" + name + "'; near it are " + near(name));
        }
        return Transcript.parse(file, Files.readString(file));
    }

    /** Those of a name: itself, or its variants for cgroup v2 and v1, in this order. */
    public List<Transcript> variants(String name) throws IOException {
        List<Transcript> variants = new ArrayList<>();
        for (String suffix : List.of("", ".v2", ".v1")) {
            if (names().contains(name + suffix)) {
                variants.add(read(name + suffix));
            }
        }
        return variants.isEmpty() ? List.of(read(name)) : variants;
    }

    private List<String> near(String name) throws IOException {
        return names().stream()
                .sorted(Comparator.comparingInt(other -> distance(name, other)))
                .limit(3)
                .toList();
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
