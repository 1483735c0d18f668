package book;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.asciidoctor.Attributes;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;
import org.asciidoctor.ast.Block;
import org.asciidoctor.ast.StructuralNode;
import org.asciidoctor.log.Severity;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Code in the book: diffs and members, by the extensions that AsciidoctorJ finds itself. */
class CodeTest extends AsciidoctorTest {
    private Document html(String source) throws IOException {
        Path chapter = Files.writeString(directory.resolve("chapter.adoc"), source);
        asciidoctor.convertFile(chapter.toFile(), options("html5"));
        return Jsoup.parse(directory.resolve("book/chapter.html"));
    }

    private Options options(String backend) {
        return Options.builder()
                .backend(backend)
                .safe(SafeMode.UNSAFE)
                .toDir(directory.resolve("book").toFile())
                .mkDirs(true)
                .attributes(Attributes.builder()
                        .attribute("checkout", CHECKOUT.toString())
                        .attribute("outdir", directory.resolve("book").toString())
                        .attribute("source-highlighter", "rouge")
                        .attribute("rouge-css", "class")
                        .build())
                .build();
    }

    private static List<String> texts(Element in, String lines) {
        return in.select(lines).stream()
                .map(line -> line.wholeText().replace("\n", ""))
                .toList();
    }

    @Test
    void aDiffSaysWhereAndMarksItsLines() throws IOException {
        Document page = html("diff::2..3[Child.run]\n");
        Element diff = page.expectFirst(".diff");

        assertThat(diff.expectFirst(".title").text())
                .isEqualTo("Child.java: in class Child, method run, after sethostname(\"container\") patch");
        assertThat(diff.select(".title code").eachText()).contains("Child.java", "sethostname(\"container\")");
        assertThat(texts(diff, "ins"))
                .containsExactly(
                        "+added:     chroot(rootfs);",
                        "+added:     chdir(\"/\");",
                        "+added:     mount(\"proc\", \"/proc\", \"proc\", MS_NOSUID | MS_NODEV | MS_NOEXEC, null);");
        assertThat(texts(diff, ".context"))
                .startsWith(" public void run() {")
                .endsWith("     execvpe(command, environment());", " }");
        assertThat(diff.select("ins .nf, ins .n")).isNotEmpty(); // Rouge's colours
        assertThat(diff.select("ins").eachAttr("data-line")).containsExactly("29", "30", "31");
        assertThat(diff.expectFirst("pre").attr("data-copy")).startsWith("        chroot(rootfs);\n        chdir");
        assertThat(log).isEmpty();
    }

    @Test
    void aDiffIsOfferedAsAPatch() throws IOException {
        Document page = html("diff::2..3[Child.run]\n");
        Path patch = directory
                .resolve("book")
                .resolve(page.expectFirst(".diff a.patch").attr("href"));
        assertThat(patch)
                .hasFileName("step02-to-step03.patch")
                .content()
                .contains("Child.java", "Run.java", "\n+        chroot(rootfs);\n");
    }

    @Test
    void whatIsRemovedAndWhatIsFolded() throws IOException {
        Element diff = html("diff::6..5[Child.run]\n").expectFirst(".diff");
        assertThat(texts(diff, "del")).singleElement().asString().startsWith("−removed:     mount(\"overlay\"");
        assertThat(texts(diff, ".fold")).containsExactly(" … 4 lines");
        assertThat(diff.hasAttr("data-nocopy")).isTrue();
    }

    @Test
    void severalPieces() throws IOException {
        assertThat(html("diff::4..5[Cgroup.class,Cgroup.limitPids]\n").select(".diff .title"))
                .singleElement()
                .extracting(Element::text)
                .asString()
                .startsWith("Cgroup.java: in the new file: head of class Cgroup, method limitPids");
        assertThat(html("diff::2..3[Run]\n").select(".diff")).hasSize(3);
        assertThat(html("diff::2..3[]\n").select(".diff")).hasSize(6);
        assertThat(log).isEmpty();
    }

    @Test
    void partOfAPiece() throws IOException {
        Element end = html("diff::5..6[Overlay.Overlay,from=\"Files.createDirectories(CONTAINERS)\"]\n")
                .expectFirst(".diff");
        assertThat(texts(end, ".line").get(0)).matches(" … \\d+ lines");
        assertThat(texts(end, "ins").get(0)).contains("Files.createDirectories(CONTAINERS)");
        Element start = html("diff::5..6[Overlay.Overlay,before=\"Files.createDirectories(CONTAINERS)\"]\n")
                .expectFirst(".diff");
        assertThat(start.select("ins").size() + end.select("ins").size())
                .isEqualTo(html("diff::5..6[Overlay.Overlay]\n").select("ins").size());
        assertThat(log).isEmpty();
    }

    @Test
    void whereNoPageIsMadeADiffIsAListing() throws IOException {
        Path chapter = Files.writeString(directory.resolve("chapter.adoc"), "diff::5..6[Run.call]\n");
        StructuralNode listing = asciidoctor
                .loadFile(chapter.toFile(), options("docbook5"))
                .findBy(Map.of("context", ":listing"))
                .get(0);
        assertThat(((Block) listing).getSource())
                .contains("\n-         try (Cgroup cgroup = new Cgroup()) {\n+         try (Cgroup", "\n  … 4 lines\n");
        assertThat(Jsoup.parse(listing.getTitle()).text())
                .startsWith("Run.java: in class Run, method call, replace 1 line after unshare(...) and");
        assertThat(log).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "diff::2..9[]               | there is no step 9; the steps are: 1 (exec), 2 (uts)",
                "diff::2..3[Nonsense]       | nothing called Nonsense differs from step 2 to 3; what does: Child.imports",
                "diff::2..3[Child.nonsense] | nothing called Child.nonsense differs from step 2 to 3; what does: Child.imp",
                "diff::2-3[]                | diff::2-3[]: write two steps, as in diff::2..3[]",
                "diff::2..3[Child.run,from=\"no such text\"] | no line of Child.run contains 'no such text'",
            })
    void aDiffThatIsNotThereIsAnErrorWithItsLine(String macro, String message) throws IOException {
        html("= Chapter\n\n== Section\n\nText.\n\n" + macro + "\n\nMore.\n");
        assertError(message, 7);
    }

    @Test
    void aMemberIsIncluded() throws IOException {
        Document page = html("[source,java]\n----\ninclude::member:3/Child.run[]\n----\n");
        assertThat(page.expectFirst("code[data-lang=java]").wholeText())
                .startsWith("@Override\npublic void run() {\n    System.err.println(")
                .endsWith("    execvpe(command, environment());\n}");
        assertThat(log).isEmpty();
    }

    @Test
    void aWholeClassAndAnotherModule() throws IOException {
        Document page = html("""
                [source,java]
                ----
                include::member:5/Cgroup[]
                ----

                [source,java]
                ----
                include::member:syscalls/Linux.sethostname[]
                ----
                """);
        assertThat(page.select("code").get(0).wholeText())
                .startsWith("final class Cgroup implements AutoCloseable {")
                .contains("void limitPids(");
        assertThat(page.select("code").get(1).wholeText()).contains("public static void sethostname(String name) {");
        assertThat(log).isEmpty();
    }

    @Test
    void calloutsNumberLines() throws IOException {
        Document page = html("""
                [source,java]
                ----
                include::member:3/Child.run[callouts="chdir;mount(\\"proc\\""]
                ----
                <1> Not for neatness.
                <2> From inside.
                """);
        String code = page.expectFirst("code").wholeText();
        assertThat(code.lines().filter(line -> line.contains("(1)")))
                .singleElement()
                .asString()
                .contains("chdir");
        assertThat(code.lines().filter(line -> line.contains("(2)")))
                .singleElement()
                .asString()
                .contains("mount(");
        assertThat(page.select(".colist p").eachText()).containsExactly("Not for neatness.", "From inside.");
        assertThat(log).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "member:9/Child.run[] | there is no step 9; the steps are: 1 (exec)",
                "member:nowhere/Child.run[] | there is no module nowhere",
                "member:3/Nobody.run[] | there is no type Nobody in step03-pid-chroot/src/main/java; there are: Child, Con",
                "member:3/Child.walk[] | there is no `walk` in Child; there are: rootfs, command, main, run, environment",
                "member:3[] | member:3: write a step or module, and a member, as in member:3/Child.run",
                "member:3/Child.run[callouts=\"chroot;pivot_root\"] | no line of member:3/Child.run contains 'pivot_root', for",
            })
    void aMemberThatIsNotThereIsAnErrorWithItsLine(String include, String message) throws IOException {
        html("= Chapter\n\nText.\n\n[source,java]\n----\ninclude::" + include + "\n----\n");
        assertError(message, 7);
    }

    private void assertError(String message, int line) {
        assertThat(log).singleElement().satisfies(error -> {
            assertThat(error.getSeverity()).isEqualTo(Severity.ERROR);
            assertThat(error.getMessage()).startsWith(message);
            assertThat(error.getCursor().getPath()).isEqualTo("chapter.adoc");
            assertThat(error.getCursor().getLineNumber()).isEqualTo(line);
        });
    }

    @Test
    void plainIncludesStay() throws IOException {
        Files.writeString(
                directory.resolve("Some.java"), "class Some {\n    // tag::in[]\n    int n;\n    // end::in[]\n}\n");
        Document page = html("[source,java]\n----\ninclude::Some.java[tag=in,indent=0]\n----\n");
        assertThat(page.expectFirst("code").wholeText()).isEqualTo("int n;");
        assertThat(log).isEmpty();

        html("[source,java]\n----\ninclude::Some.java[tag=out]\n----\n");
        assertThat(log).singleElement().satisfies(warning -> {
            assertThat(warning.getMessage()).startsWith("tag 'out' not found in include file");
            assertThat(warning.getSeverity()).isEqualTo(Severity.WARN);
            assertThat(warning.getCursor().getLineNumber()).isEqualTo(3);
        });
        log.clear();

        html("Text.\n\ninclude::gone.adoc[]\n");
        assertThat(log).singleElement().satisfies(error -> {
            assertThat(error.getMessage()).contains("gone.adoc");
            assertThat(error.getSeverity()).isEqualTo(Severity.ERROR);
            assertThat(error.getCursor().getLineNumber()).isEqualTo(3);
        });
    }
}
