package workshop;

/**
 * One line of {@code doctor}.
 *
 * @param what was looked at
 * @param found there
 * @param mend the command that mends it; empty if nothing needs mending
 */
record Finding(Verdict verdict, String what, String found, String mend) {
    enum Verdict {
        OK,
        NOT_OK,
        NOTE
    }

    static Finding ok(String what, String found) {
        return new Finding(Verdict.OK, what, found, "");
    }

    static Finding notOk(String what, String found, String mend) {
        return new Finding(Verdict.NOT_OK, what, found, mend);
    }

    static Finding note(String what, String found, String mend) {
        return new Finding(Verdict.NOTE, what, found, mend);
    }
}
