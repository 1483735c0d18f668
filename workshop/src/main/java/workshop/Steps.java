package workshop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import workshop.code.Checkout;

/** The steps' folders in the checkout that ./lab belongs to. */
final class Steps {
    private Steps() {}

    /** Their numbers. */
    static List<Integer> all() throws IOException {
        return List.copyOf(new Checkout(Lab.checkout()).steps().keySet());
    }

    /** The runnable jar of a step, built or not. */
    static Path jar(int step) throws IOException {
        Path folder = new Checkout(Lab.checkout()).step(step);
        return folder.resolve("target").resolve(folder.getFileName() + ".jar");
    }
}
