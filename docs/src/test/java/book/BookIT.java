package book;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program on a small book: what is wrong stops it, and it says where. */
class BookIT {
    private static final Path JAR = Path.of(System.getProperty("jar"));
    private static final Path REPOSITORY = Path.of(System.getProperty("lab.home"));

    @TempDir
    Path checkout;

    private record Result(int status, String output, List<String> errors) {}

    @BeforeEach
    void smallBook() throws IOException {
        Files.createDirectories(checkout.resolve("docs/chapters"));
        Files.copy(REPOSITORY.resolve("pom.xml"), checkout.resolve("pom.xml"));
        copy("docs/style");
        copy("step02-uts/src/main");
        copy("step03-pid-chroot/src/main");
        chapter("book", "= A small book", ":doctype: book", "", "include::index.adoc[leveloffset=+1]");
    }

    private void copy(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(REPOSITORY.resolve(folder))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = checkout.resolve(REPOSITORY.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }

    private void chapter(String name, String... lines) throws IOException {
        Files.write(checkout.resolve("docs/chapters/" + name + ".adoc"), List.of(lines));
    }

    private Result build() throws IOException, InterruptedException {
        Path output = checkout.resolve("output");
        Path errors = checkout.resolve("errors");
        Process book = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dlab.home=" + checkout,
                        "-cp",
                        JAR + ":"
                                + Files.readString(JAR.resolveSibling("class-path"))
                                        .replace(
                                                "LIB", JAR.resolveSibling("lib").toString()),
                        "book.Book")
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(book.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return new Result(
                book.exitValue(), Files.readString(output), Files.readAllLines(errors, StandardCharsets.UTF_8));
    }

    /** Not in the repository of who built it, which another user may not read. */
    @Test
    void itsLibrariesLieBesideIt() throws Exception {
        assertThat(Files.readString(JAR.resolveSibling("class-path")).strip().split(":"))
                .isNotEmpty()
                .allSatisfy(library -> assertThat(library).startsWith("LIB/"))
                .allSatisfy(library -> assertThat(JAR.resolveSibling("lib").resolve(library.substring(4)))
                        .isRegularFile());
    }

    @Test
    void whatIsMissingIsNamedWithItsPlace() throws Exception {
        chapter(
                "index",
                "[#start]",
                "= Start",
                "",
                "include::gone.adoc[]",
                "",
                "include::tagged.txt[tag=gone]",
                "",
                "Of {no-such-attribute}, and <<no-such-anchor>>.",
                "",
                "diff::8..9[]",
                "",
                "diff::2..3[Child.gone]",
                "",
                "[source,java]",
                "----",
                "include::member:3/Child.gone[]",
                "----",
                "",
                "picture::gone[A picture.]",
                "",
                "transcript::gone[]",
                "",
                "nosuch::macro[]",
                "",
                "See xref:index.adoc#gone-section[there].");
        Files.writeString(checkout.resolve("docs/chapters/tagged.txt"), "text\n");
        Result result = build();
        assertThat(result.status()).isEqualTo(1);
        result.errors().forEach(System.out::println);
        assertThat(result.errors())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("docs/chapters/index.adoc:4: ")
                        .contains("gone.adoc"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("docs/chapters/index.adoc:6: ")
                        .contains("tag 'gone'"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("docs/chapters/index.adoc:8: ")
                        .contains("no-such-attribute"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("docs/chapters/index.adoc:8: ")
                        .contains("no-such-anchor"))
                .anySatisfy(line -> assertThat(line).startsWith("docs/chapters/index.adoc:10: "))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("docs/chapters/index.adoc:12: ")
                        .contains("Child.gone"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("docs/chapters/index.adoc:16: ")
                        .contains("gone"))
                .anySatisfy(line -> assertThat(line).startsWith("docs/chapters/index.adoc:19: "))
                .anySatisfy(line -> assertThat(line).startsWith("docs/chapters/index.adoc:21: "))
                .anySatisfy(line -> assertThat(line).startsWith("docs/chapters/index.adoc:23: "))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("docs/chapters/index.adoc:25: ")
                        .contains("gone-section"))
                .noneSatisfy(line -> assertThat(line).startsWith("\tat "));
        assertThat(checkout.resolve("docs/target/book")).isEmptyDirectory();
    }

    @Test
    void linksThatLeadNowhereAndOutsideThingsStopIt() throws Exception {
        chapter(
                "index",
                "[#start]",
                "= Start",
                "",
                "See link:two.html#gone[there],",
                "link:gone.html[there], link:gone.txt[there] and",
                "http://example.org/[there].",
                "",
                "image::https://example.org/a.png[a picture]",
                "",
                "image::gone.png[a picture]");
        chapter("two", "[#two]", "= Two", "", "See xref:index.adoc#start[the start], https://example.org/[outside].");
        Files.writeString(
                checkout.resolve("docs/chapters/book.adoc"),
                "\ninclude::two.adoc[leveloffset=+1]\n",
                StandardOpenOption.APPEND);
        Result result = build();
        assertThat(result.status()).isEqualTo(1);
        result.errors().forEach(System.out::println);
        assertThat(result.errors())
                .contains(
                        "docs/chapters/index.adoc:5: the link to gone.html leads nowhere: there is no file gone.html",
                        "docs/chapters/index.adoc:5: the link to gone.txt leads nowhere: there is no file gone.txt",
                        "docs/chapters/index.adoc:6: the link to http://example.org/ leads nowhere: not an https address",
                        "docs/chapters/index.adoc:8: the page would fetch https://example.org/a.png from outside")
                .contains(
                        "docs/chapters/index.adoc:4: the link to two.html#gone leads nowhere: there is no #gone in two.html",
                        "docs/chapters/index.adoc:10: there is no file gone.png");
        assertThat(checkout.resolve("docs/target/book")).isEmptyDirectory();
    }

    @Test
    void whatWasBuiltBeforeIsGone() throws Exception {
        chapter("index", "[#start]", "= Start", "", "Text.");
        Path stale = checkout.resolve("docs/target/book/patches/old.patch");
        Files.createDirectories(stale.getParent());
        Files.writeString(stale, "");
        Files.writeString(checkout.resolve("docs/target/book/removed.html"), "");
        Result result = build();
        assertThat(result.errors()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(result.output())
                .contains("[ 1/3] index.adoc", "file://" + checkout.resolve("docs/target/book/index.html"));
        try (Stream<Path> files = Files.list(checkout.resolve("docs/target/book"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("index.html", "book.html", "book.pdf", "search.js");
        }
    }
}
