package workshop.code;

/**
 * What differs in one member of a class, in its head, or in a file's imports.
 *
 * @param name {@code Child.run}, {@code Child.class}, {@code Child.imports}
 * @param file relative to the step's folder
 * @param place where it is, in words; names from the source are between backticks
 * @param added so many lines
 * @param removed so many lines
 */
public record Piece(String name, String file, String place, int added, int removed) {}
