package workshop.code;

/**
 * A line of a diff.
 *
 * @param text without its sign; of FOLDED lines {@code … 3 lines}
 * @param before its number in the file of the step before, from 1; 0 if it is not there
 * @param after its number in the file of the step after; 0 if it is not there; of FOLDED lines, how many they are
 */
public record Line(Kind kind, String text, int before, int after) {
    public enum Kind {
        CONTEXT(' '),
        ADDED('+'),
        REMOVED('-'),
        FOLDED(' ');

        private final char sign;

        Kind(char sign) {
            this.sign = sign;
        }

        public char sign() {
            return sign;
        }
    }

    static Line folded(int count) {
        return new Line(Kind.FOLDED, "… " + Place.lines(count), 0, count);
    }

    boolean isChange() {
        return kind == Kind.ADDED || kind == Kind.REMOVED;
    }
}
