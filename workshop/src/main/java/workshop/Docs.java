package workshop;

import picocli.CommandLine.Command;

/** Only for help and completion, as {@link Run}: the script {@code lab} starts the book's own program. */
@Command(name = "docs", description = "Build the book, pages and PDF, and say where it is.")
final class Docs implements Runnable {
    @Override
    public void run() {
        throw new IllegalStateException("the book is built by the script: ./lab docs");
    }
}
