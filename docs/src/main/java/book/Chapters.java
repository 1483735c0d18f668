package book;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The chapters in their order, which is that of the includes in {@code book.adoc}, the whole book on one page. */
record Chapters(Path directory) {
    private static final Pattern INCLUDE = Pattern.compile("include::([a-z0-9-]+\\.adoc)\\[.*");

    Path whole() {
        return directory.resolve("book.adoc");
    }

    List<Path> inOrder() throws IOException {
        try (Stream<String> lines = Files.lines(whole())) {
            return lines.map(INCLUDE::matcher)
                    .filter(Matcher::matches)
                    .map(include -> directory.resolve(include.group(1)))
                    .toList();
        }
    }
}
