package book;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.LogManager;
import java.util.regex.Pattern;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.Attributes;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;
import org.asciidoctor.jruby.internal.JRubyAsciidoctor;
import org.asciidoctor.log.LogRecord;
import org.jsoup.Jsoup;
import org.jsoup.parser.Parser;

/** Builds the book: a page for each chapter, all on one page, and a PDF. */
public final class Book {
    private final Path checkout;
    private final Path output;
    private final Chapters chapters;
    private final Set<String> problems = new LinkedHashSet<>();
    private final Asciidoctor asciidoctor = Asciidoctor.Factory.create();

    private Book(Path checkout) {
        this.checkout = checkout;
        this.output = checkout.resolve("docs/target/book");
        this.chapters = new Chapters(checkout.resolve("docs/chapters"));
        asciidoctor.requireLibrary("rouge", "asciidoctor-pdf"); // whose own warnings are not ours
        // Only so does Asciidoctor report a cross reference that leads nowhere.
        var ruby = asciidoctor.unwrap(JRubyAsciidoctor.class).getRubyRuntime();
        ruby.setVerbose(ruby.getTrue());
        asciidoctor.registerLogHandler(this::log);
    }

    public static void main(String[] args) throws IOException {
        Instant start = Instant.now();
        LogManager.getLogManager().reset(); // Asciidoctor's messages are printed once, at the end
        Path checkout = Path.of(System.getProperty("lab.home", "")).toAbsolutePath();
        Book book = new Book(checkout);
        book.build();
        if (!book.problems.isEmpty()) {
            book.problems.forEach(System.err::println);
            System.err.println("The book is not built: " + book.problems.size() + " of its references do not hold.");
            System.exit(1);
        }
        System.out.printf(
                "The book, built in %d s: file://%s%n",
                Duration.between(start, Instant.now()).toSeconds(), book.output.resolve("index.html"));
    }

    private void build() throws IOException {
        List<Path> pages = chapters.inOrder();
        Files.createDirectories(output);
        int done = 0;
        for (Path page : pages) {
            progress(++done, pages.size() + 2, page.getFileName().toString());
            convert(page, "html5");
        }
        progress(++done, pages.size() + 2, "all on one page");
        convert(chapters.whole(), "html5");
        progress(++done, pages.size() + 2, "PDF");
        convert(chapters.whole(), "pdf");
    }

    private static void progress(int done, int of, String what) {
        System.out.printf("[%2d/%d] %s%n", done, of, what);
    }

    private void convert(Path source, String backend) throws IOException {
        Attributes attributes = Attributes.builder()
                .attribute("checkout", checkout.toString())
                .attribute("attribute-missing", "warn")
                .attribute("source-highlighter", "rouge")
                .attribute("rouge-css", "class")
                .attribute("idprefix", "")
                .attribute("idseparator", "-")
                .attribute("experimental")
                .attribute("reproducible")
                .attribute("webfonts", false)
                .build();
        versions().forEach(attributes::setAttribute);
        Options options = Options.builder()
                .backend(backend)
                .safe(SafeMode.UNSAFE)
                .toDir(output.toFile())
                .mkDirs(true)
                .attributes(attributes)
                .build();
        asciidoctor.convertFile(source.toFile(), options);
    }

    /** The versions in the parent pom: {jnr-posix-version} and so on. */
    private Map<String, Object> versions() throws IOException {
        Map<String, Object> versions = new HashMap<>();
        for (var property : Jsoup.parse(checkout.resolve("pom.xml"), "UTF-8", "", Parser.xmlParser())
                .select("project > properties > *")) {
            versions.put(property.tagName().replace('.', '-'), property.text());
        }
        return versions;
    }

    private void log(LogRecord entry) {
        var at = entry.getCursor();
        problems.add(
                at == null || at.getPath() == null
                        ? find(entry.getMessage())
                        : "docs/chapters/" + at.getPath() + ":" + at.getLineNumber() + ": " + entry.getMessage());
    }

    /** Asciidoctor says of a missing attribute or anchor only which, not where. */
    private String find(String message) {
        String name = message.substring(message.lastIndexOf(' ') + 1);
        try {
            for (Path chapter : chapters.inOrder()) {
                List<String> lines = Files.readAllLines(chapter);
                for (int i = 0; i < lines.size(); i++) {
                    if (lines.get(i).matches(".*([{#]|<<)" + Pattern.quote(name) + "\\b.*")) {
                        return "docs/chapters/" + chapter.getFileName() + ":" + (i + 1) + ": " + message;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return message;
    }
}
