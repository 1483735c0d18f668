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
}
