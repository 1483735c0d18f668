package workshop;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The steps' folders in the checkout that ./lab belongs to. */
final class Steps {
    private Steps() {}

    /** Their numbers. */
    static List<Integer> all() throws IOException {
        try (Stream<Path> folders = Files.list(Lab.checkout())) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.matches("step\\d\\d-.*"))
                    .map(name -> Integer.valueOf(name.substring(4, 6)))
                    .sorted()
                    .toList();
        }
    }

    /** The runnable jar of a step, built or not. */
    static Path jar(int step) throws IOException {
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(Lab.checkout(), String.format("step%02d-*", step))) {
            for (Path folder : found) {
                return folder.resolve("target").resolve(folder.getFileName() + ".jar");
            }
        }
        throw new IOException("there is no step " + step);
    }
}
