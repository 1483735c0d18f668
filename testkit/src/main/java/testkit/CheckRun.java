package testkit;

import java.io.IOException;

/**
 * Checks of one program, one after the other: on the same host as long as they pass, for making one takes longer than
 * most checks do. After one that fails, or leaves something behind because it kills, the next has a fresh host.
 */
public final class CheckRun implements AutoCloseable {
    private final Program program;
    private Host host;

    public CheckRun(Program program) {
        this.program = program;
    }

    /**
     * @return what the kernel showed, in one line
     * @throws CheckFailure if the promise is not kept
     */
    public String run(Check check) throws IOException {
        if (host == null) {
            host = new Host(program);
        }
        boolean reusable = false;
        try {
            String evidence = check.evidence().on(host);
            reusable = host.isCleanAgain();
            return evidence;
        } finally {
            if (!reusable) {
                close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (host != null) {
            host.close();
            host = null;
        }
    }
}
