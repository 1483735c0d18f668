package testkit;

import java.io.IOException;

/**
 * Checks of one program, one after the other: on the same host as long as they pass, for making one takes longer than
 * most checks do. After one that fails, or leaves something behind because it kills, the next has a fresh host.
 */
public final class CheckRun implements AutoCloseable {
    private final Program program;
    private Host host;
    private boolean closed;

    public CheckRun(Program program) {
        this.program = program;
    }

    /**
     * @return what the kernel showed, in one line
     * @throws CheckFailure if the promise is not kept
     * @throws IllegalStateException if this has been closed
     */
    public String run(Check check) throws IOException {
        Host used = host();
        boolean reusable = false;
        try {
            String evidence = check.evidence().on(used);
            reusable = used.isCleanAgain();
            return evidence;
        } catch (CheckFailure e) {
            String guard = used.guard().map(said -> "\nand " + said).orElse("");
            if (!guard.isEmpty() && !e.getMessage().contains("guard")) {
                throw e instanceof Hang ? new Hang(e.getMessage() + guard) : new CheckFailure(e.getMessage() + guard);
            }
            throw e;
        } finally {
            if (!reusable) {
                closeHost();
            }
        }
    }

    private synchronized Host host() throws IOException {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (host == null) {
            host = new Host(program);
        }
        return host;
    }

    private synchronized void closeHost() throws IOException {
        if (host != null) {
            host.close();
            host = null;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        closeHost();
    }
}
