package workshop;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The steps' folders in the checkout that ./lab belongs to. */
final class Steps {
    private Steps() {}

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
