package testkit;

/** Something that did not come within the limit: {@link Running#setLimit}. */
public final class Hang extends CheckFailure {
    private static final long serialVersionUID = 1;

    public Hang(String message) {
        super(message);
    }
}
