package book;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Code, diffs, output and measured numbers in the chapters come from elsewhere; what stands there are commands that the reader types. */
class NothingIsTypedTest {
    private static final Pattern COMMAND = Pattern.compile("(\\./lab|sudo|java|git|vagrant)( .*)?");
    private static final Pattern INCLUDE = Pattern.compile("include::[^\\[]+\\[.*]");
    private static final Pattern MEASURED = Pattern.compile("\\d ?(ms|MiB|milliseconds)\\b");
    private static final Pattern OTHER_VERBATIM =
            Pattern.compile("\\.{4,}|`{3,}.*|\\+{4,}|<{4,}|\\[(listing|literal).*]");

    private final List<String> typed = new ArrayList<>();

    /** What a chapter is made of. */
    private record Count(String chapter, int words, int code, int diffs, int transcripts, int tables, int pictures) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-20s %6d %6d %6d %12d %6d %9d",
                    chapter,
                    words,
                    code,
                    diffs,
                    transcripts,
                    tables,
                    pictures);
        }

        Count plus(Count other) {
            return new Count(
                    "all",
                    words + other.words,
                    code + other.code,
                    diffs + other.diffs,
                    transcripts + other.transcripts,
                    tables + other.tables,
                    pictures + other.pictures);
        }
    }

    @Test
    void noCodeAndNoOutput() throws IOException {
        List<String> table = new ArrayList<>();
        table.add(String.format(
                Locale.ROOT,
                "%-20s %6s %6s %6s %12s %6s %9s",
                "chapter",
                "words",
                "code",
                "diffs",
                "transcripts",
                "xrays",
                "pictures"));
        Count all = new Count("all", 0, 0, 0, 0, 0, 0);
        for (Path chapter : new Chapters(Path.of("chapters")).inOrder()) {
            Count count = count(chapter.getFileName().toString(), Files.readAllLines(chapter));
            table.add(count.toString());
            all = all.plus(count);
        }
        table.add(all.toString());
        table.forEach(System.out::println);
        assertThat(typed).isEmpty();
        assertThat(all.code() * all.diffs() * all.transcripts() * all.tables() * all.pictures())
                .as("each kind is found")
                .isPositive();
    }

    @Test
    void whatIsTypedIsSeen() {
        assertThat(typedIn("[source,java]", "----", "int x;", "----")).containsExactly("a.adoc:3: int x;");
        assertThat(typedIn("[source,java]", "int x;")).containsExactly("a.adoc:2: int x;");
        assertThat(typedIn("[source,console]", "----", "./lab run 1 ps", "----"))
                .containsExactly("a.adoc:3: ./lab run 1 ps");
        assertThat(typedIn("[.try]", "====", "[source,console]", "----", "rm -r /", "----", "===="))
                .containsExactly("a.adoc:5: rm -r /");
        assertThat(typedIn("....", "uid=0", "....")).containsExactly("a.adoc:1: ....", "a.adoc:3: ....");
        assertThat(typedIn("As it says:", "", " uid=0")).containsExactly("a.adoc:3:  uid=0");
        assertThat(typedIn("A start takes 53 ms.")).hasSize(1);
        assertThat(typedIn("A start takes {start-bare-median} ms.")).isEmpty();
        assertThat(typedIn("```java", "int x;", "```")).hasSize(2);
        assertThat(typedIn("[source,java]", "----", "include::member:1/Run[]", "----"))
                .isEmpty();
        assertThat(typedIn("[.try]", "====", "[source,console]", "----", "./lab run 1 ps", "----", "===="))
                .isEmpty();
    }

    private static List<String> typedIn(String... lines) {
        NothingIsTypedTest test = new NothingIsTypedTest();
        test.count("a.adoc", List.of(lines));
        return test.typed;
    }

    private Count count(String chapter, List<String> lines) {
        int words = 0;
        int code = 0;
        boolean inListing = false;
        boolean inTry = false;
        String style = "";
        String before = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean fine = true;
            if (line.equals("----")) {
                inListing = !inListing;
                code += inListing && !style.startsWith("[source,console") ? 1 : 0;
            } else if (inListing) {
                boolean command = inTry && style.startsWith("[source,console");
                fine = line.isBlank()
                        || (command ? COMMAND : INCLUDE).matcher(line).matches();
            } else if (line.equals("====")) {
                inTry = !inTry && before.startsWith("[.try");
            } else if (before.startsWith("[source")
                    || before.isBlank() && line.matches(" +(?![*.-]+ ).*")
                    || OTHER_VERBATIM.matcher(line).matches()) {
                fine = line.startsWith("[") && !OTHER_VERBATIM.matcher(line).matches();
            } else if (!line.matches("\\[.*]|:.*|//.*|\\w+::.*")) {
                fine = !MEASURED.matcher(line).find();
                words += (int) Arrays.stream(line.split("\\s+"))
                        .filter(word -> word.matches(".*\\w.*"))
                        .count();
            }
            if (!fine) {
                typed.add(chapter + ":" + (i + 1) + ": " + line);
            }
            style = line.startsWith("[") && !inListing ? line : style;
            before = line;
        }
        return new Count(
                chapter,
                words,
                code,
                macros(lines, "diff"),
                macros(lines, "transcript"),
                macros(lines, "xray"),
                macros(lines, "picture"));
    }

    private static int macros(List<String> lines, String name) {
        return (int) lines.stream().filter(line -> line.startsWith(name + "::")).count();
    }
}
