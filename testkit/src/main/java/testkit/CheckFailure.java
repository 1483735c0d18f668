package testkit;

/** A promise that was not kept: what the kernel showed instead, and which line is likely missing. */
public class CheckFailure extends AssertionError {
    private static final long serialVersionUID = 1;

    public CheckFailure(String message) {
        super(message);
    }
}
