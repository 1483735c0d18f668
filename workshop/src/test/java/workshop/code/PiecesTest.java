package workshop.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pieces and members of two small steps. */
class PiecesTest {
    private static final String BEFORE = """
            package demo;

            import java.util.List;

            /** A thing. */
            @Tagged(
                    name = "thing",
                    kinds = {1})
            final class Thing {
                // The first of two.
                private int one;
                private int two;

                /** Does it. */
                void run(List<String> words) {
                    prepare();
                    say("a long sentence, which has too many words", words);
                    if (words.isEmpty()) {
                        stop();
                    }
                    finish();
                }

                void old() {
                    gone();
                }

                static final class Inner {
                    void run() {
                        // tag::in[]
                        deep();
                        // end::in[]
                    }
                }
            }
            """;

    @TempDir
    Path directory;

    private Path before;
    private Path after;

    @BeforeEach
    void steps() throws IOException {
        before = write(1, BEFORE);
        after = write(2, BEFORE);
    }

    private Path write(int step, String text) throws IOException {
        Path file = directory.resolve("step0" + step + "-demo/src/main/java/demo/Thing.java");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void change(String text, String replacement) throws IOException {
        String now = Files.readString(after);
        assertThat(now).contains(text);
        Files.writeString(after, now.replace(text, replacement));
    }

    private StepDiff diff() throws IOException {
        return new Checkout(directory).diff(1, 2);
    }

    private List<String> places() throws IOException {
        return diff().pieces().stream()
                .map(piece -> piece.name() + ": " + piece.place())
                .toList();
    }

    private List<String> shown(String... pieces) throws IOException {
        return diff().blocks(List.of(pieces)).stream()
                .flatMap(block -> block.lines().stream())
                .map(line -> line.kind().sign() + line.text())
                .toList();
    }

    @Test
    void nothing() throws IOException {
        assertThat(diff().pieces()).isEmpty();
        assertThat(diff().patch(List.of())).isEmpty();
        assertThatThrownBy(() -> diff().blocks(List.of("Thing"))).hasMessageContaining("what does: nothing");
    }

    @Test
    void linesInAMethod() throws IOException {
        change("        finish();\n", "        more();\n        finish();\n");
        assertThat(places()).containsExactly("Thing.run: in class `Thing`, method `run`, after `if (words.isEmpty())`");
        assertThat(shown("Thing.run"))
                .containsExactly(
                        "     void run(List<String> words) {",
                        " … 3 lines",
                        "             stop();",
                        "         }",
                        "+        more();",
                        "         finish();",
                        "     }");
    }

    @Test
    void placesInAMethod() throws IOException {
        change("        prepare();\n", "        first();\n        prepare();\n        second();\n");
        assertThat(places())
                .containsExactly("Thing.run: in class `Thing`, method `run`, before `prepare()` and after `prepare()`");
        change("        finish();\n", "        finish(1);\n");
        assertThat(places()).containsExactly("Thing.run: in class `Thing`, method `run`, in 3 places");
    }

    @Test
    void aPlaceIsShortButTellsOneCallFromAnother() throws IOException {
        change("words\", words);\n", "words\", words);\n        more();\n");
        assertThat(places()).containsExactly("Thing.run: in class `Thing`, method `run`, after `say(...)`");
        change("a long sentence, which has too many words", "short");
        write(1, Files.readString(after).replace("        more();\n", ""));
        assertThat(places())
                .containsExactly("Thing.run: in class `Thing`, method `run`, after `say(\"short\", words)`");
    }

    @Test
    void linesRemovedAndReplaced() throws IOException {
        change("        finish();\n", "");
        assertThat(places())
                .containsExactly(
                        "Thing.run: in class `Thing`, method `run`, remove 1 line after `if (words.isEmpty())`");
        change("            stop();\n", "            halt();\n            die();\n");
        assertThat(places())
                .containsExactly("Thing.run: in class `Thing`, method `run`, replace 1 line after"
                        + " `if (words.isEmpty())` and remove 1 line after `if (words.isEmpty())`");
    }

    @Test
    void newMembers() throws IOException {
        change("    // The first", "    private int zero;\n\n    // The first");
        change("    void old() {", "    void fresh() {}\n\n    void old() {");
        assertThat(places())
                .containsExactly(
                        "Thing.zero: in class `Thing`, before the fields `one` to `two`",
                        "Thing.fresh: in class `Thing`, after the method `run`");
        assertThat(shown("Thing.zero"))
                .containsExactly(
                        "         kinds = {1})",
                        " final class Thing {",
                        "+    private int zero;",
                        "+",
                        "     // The first of two.",
                        "     private int one;");
        assertThat(shown("Thing.fresh"))
                .containsExactly("         finish();", "     }", "+", "+    void fresh() {}", " ", "     void old() {");
    }

    @Test
    void ofTwoNewMembersTheSecondFollowsTheFirst() throws IOException {
        change("    void old() {", "    int a() {}\n\n    int b() {}\n\n    void old() {");
        assertThat(shown("Thing.a"))
                .containsExactly("         finish();", "     }", "+", "+    int a() {}", " ", "     void old() {");
        assertThat(shown("Thing.b"))
                .containsExactly("     int a() {}", "+", "+    int b() {}", " ", "     void old() {");
    }

    @Test
    void membersRemovedAndRenamed() throws IOException {
        change("    void old() {\n        gone();\n    }\n\n", "");
        assertThat(places()).containsExactly("Thing.old: in class `Thing`, remove the method `old`");
        change("void run(List<String> words) {", "void go(List<String> words) {");
        assertThat(places())
                .containsExactly(
                        "Thing.go: in class `Thing`, replace the method `run` by the method `go`",
                        "Thing.old: in class `Thing`, remove the method `old`");
        assertThat(shown("Thing.run")).isEqualTo(shown("Thing.go"));
    }

    @Test
    void aFieldOfAGroupNamesIt() throws IOException {
        change("private int two;", "private long two;");
        assertThat(places())
                .containsExactly(
                        "Thing.one: in class `Thing`, fields `one` to `two`, replace 1 line after `private int one`");
        assertThat(shown("Thing.two")).isEqualTo(shown("Thing.one"));
    }

    @Test
    void importsAndHead() throws IOException {
        change("import java.util.List;\n", "import java.util.List;\nimport java.util.Map;\n");
        change("{1}", "{1, 2}");
        assertThat(places())
                .containsExactly(
                        "Thing.imports: add to the imports",
                        "Thing.class: in class `Thing`, replace 1 line in `@Tagged`");
        change("final class Thing {", "final class Thing implements Runnable {");
        assertThat(diff().pieces().get(1).place()).endsWith("replace 2 lines at its head");
        change("import java.util.List;\n", "");
        assertThat(places()).contains("Thing.imports: change the imports");
    }

    @Test
    void overloads() throws IOException {
        change("    void old() {", "    void run(int n) {}\n\n    void old() {");
        assertThat(places()).containsExactly("Thing.run(int): in class `Thing`, after the method `run(List<String>)`");
        assertThat(shown("Thing.run")).isEqualTo(shown("Thing.run(int)"));
    }

    @Test
    void newAndDeletedFiles() throws IOException {
        Files.delete(before);
        assertThat(diff().blocks(List.of())).singleElement().satisfies(block -> {
            assertThat(block.place()).isEqualTo("new file");
            assertThat(block.lines()).hasSize(BEFORE.split("\n").length);
        });
        assertThat(diff().blocks(List.of("Thing.class", "Thing.old")))
                .singleElement()
                .satisfies(block ->
                        assertThat(block.place()).isEqualTo("in the new file: head of class `Thing`, method `old`"));
        assertThat(shown("Thing.old")).containsExactly("+    void old() {", "+        gone();", "+    }");
        Files.move(after, before);
        assertThat(diff().blocks(List.of())).singleElement().satisfies(block -> assertThat(block.place())
                .isEqualTo("deleted file"));
    }

    @Test
    void whatIsNoJavaIsOnePiece() throws IOException {
        Files.writeString(after, "class {\n" + BEFORE);
        assertThat(places()).containsExactly("Thing.java: before `package demo`");
    }

    @Test
    void aTypeOfAFile() throws IOException {
        Files.writeString(after, BEFORE + "\nrecord Other(int n) {\n    int m() {}\n}\n");
        assertThat(places())
                .containsExactly(
                        "Other.class: in record `Other`, add its head",
                        "Other.m: in record `Other`, add the method `m`");
    }

    @Test
    void aLastLineWithoutItsNewline() throws IOException {
        Files.writeString(after, BEFORE.strip());
        assertThat(diff().patch(List.of())).endsWith("-}\n+}\n\\ No newline at end of file\n");
        assertThat(shown()).endsWith("-}", "+}");
    }

    @Test
    void unknownPieces() {
        assertThatThrownBy(() -> {
                    change("finish", "end");
                    diff().blocks(List.of("Thing.nonsense"));
                })
                .isInstanceOf(NotThere.class)
                .hasMessage("nothing called Thing.nonsense differs from step 1 to 2; what does: Thing.run");
    }

    @Test
    void members() throws IOException {
        Checkout checkout = new Checkout(directory);
        assertThat(checkout.member("1", "Thing.one")).containsExactly("// The first of two.", "private int one;");
        assertThat(checkout.member("1", "Thing.two")).containsExactly("private int two;");
        assertThat(checkout.member("step01-demo", "Thing.old")).containsExactly("void old() {", "    gone();", "}");
        assertThat(checkout.member("1", "Thing.run"))
                .startsWith("/** Does it. */", "void run(List<String> words) {")
                .endsWith("}");
        assertThat(checkout.member("1", "Thing.Inner.run")).containsExactly("void run() {", "    deep();", "}");
        assertThat(checkout.member("1", "Thing")).startsWith("/** A thing. */").endsWith("}");
    }

    @Test
    void unknownMembers() throws IOException {
        Checkout checkout = new Checkout(directory);
        assertThatThrownBy(() -> checkout.member("7", "Thing")).hasMessageStartingWith("there is no step 7;");
        assertThatThrownBy(() -> checkout.member("nowhere", "Thing")).hasMessageContaining("no module nowhere");
        assertThatThrownBy(() -> checkout.member("1", "Nothing.run"))
                .hasMessageContaining("Nothing")
                .hasMessageEndingWith("there are: Thing");
        assertThatThrownBy(() -> checkout.member("1", "Thing.nothing"))
                .hasMessage("there is no `nothing` in Thing; there are: one, two, run, old, Inner");
        assertThatThrownBy(() -> checkout.member("1", "Thing.run.nothing")).isInstanceOf(NotThere.class);
        change("    void old() {", "    void run(int n, Map<String, Integer> m) {}\n\n    void old() {");
        assertThatThrownBy(() -> checkout.member("2", "Thing.run"))
                .hasMessage("there are several `run` in Thing: run(List<String>), run(int, Map<String, Integer>)");
        assertThat(checkout.member("2", "Thing.run(int, Map<String, Integer>)")).hasSize(1);
    }
}
