package testkit;

import java.io.IOException;

/**
 * A promise that a step makes, and the evidence for it.
 *
 * @param step the first step that keeps it, and all later ones do
 * @param name short, and the same for ever
 * @param promise what holds, in a few words
 * @param missing the system call, or line, that is likely missing where it does not hold
 * @param manual the page that says so, and where on it
 */
public record Check(int step, String name, String promise, String missing, String manual, Evidence evidence) {
    /** Looks at a program's containers on a host. */
    @FunctionalInterface
    public interface Evidence {
        /**
         * @return what the kernel showed, in one line
         * @throws CheckFailure if that is not what was promised
         */
        String on(Host host) throws IOException;
    }

    /**
     * Tries the program on a fresh host; for several checks, {@link CheckRun} is quicker.
     *
     * @return what the kernel showed, in one line
     * @throws CheckFailure if the promise is not kept
     */
    public String run(Program program) throws IOException {
        try (CheckRun run = new CheckRun(program)) {
            return run.run(this);
        }
    }
}
