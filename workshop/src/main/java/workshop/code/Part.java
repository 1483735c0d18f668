package workshop.code;

import java.util.List;

/**
 * Some lines of a source file that belong together.
 *
 * @param names of which the first names it in a diff; the others are of further fields, or its name without parameters
 * @param type what it is in, as {@code class `Child`}
 * @param words what it is, as {@code method `run`}
 * @param from its first line, from 1
 * @param to its last line
 */
record Part(Kind kind, List<String> names, String type, String words, int from, int to) {
    enum Kind {
        FILE,
        IMPORTS,
        HEAD,
        END,
        MEMBER
    }

    String name() {
        return names.get(0);
    }

    int size() {
        return to - from + 1;
    }
}
