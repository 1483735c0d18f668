package workshop.code;

/** Who asked for a step, a piece or a member named one that there is not; the message, one line, says which there are. */
public final class NotThere extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NotThere(String message) {
        super(message);
    }
}
