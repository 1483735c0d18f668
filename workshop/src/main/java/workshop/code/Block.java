package workshop.code;

import java.util.List;

/**
 * Some pieces of one file, to be shown together.
 *
 * @param file relative to the step's folder
 * @param place where they are, in words; names from the source are between backticks
 * @param pieces their names
 * @param lines with those around that help to find the place, and what is between folded
 */
public record Block(String file, String place, List<String> pieces, List<Line> lines) {
    /** {@code Child.java} */
    public String fileName() {
        return file.substring(file.lastIndexOf('/') + 1);
    }
}
