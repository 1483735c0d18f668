package workshop.transcript;

import java.util.regex.Pattern;

/** What a terminal shows of a stream of characters, as long as that only goes on downwards. */
final class Terminal {
    private static final Pattern CONTROL_SEQUENCE = Pattern.compile("\033\\[[0-9;?]*[A-Za-z]");

    private Terminal() {}

    static String text(String stream) {
        return CONTROL_SEQUENCE
                .matcher(stream)
                .replaceAll("")
                .replace("\007", "")
                .replaceAll("\r+\n", "\n");
    }

    /** With spaces up to the next multiple of 8 for each tab. */
    static String withoutTabs(String line) {
        StringBuilder spaced = new StringBuilder();
        for (char c : line.toCharArray()) {
            spaced.append(c == '\t' ? " ".repeat(8 - spaced.length() % 8) : c);
        }
        return spaced.toString();
    }
}
