package book;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.LogManager;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.Attributes;
import org.asciidoctor.AttributesBuilder;
import org.asciidoctor.Options;
import org.asciidoctor.OptionsBuilder;
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
        // Here, for their own warnings are not ours.
        asciidoctor.requireLibrary(
                "asciidoctor-pdf",
                "asciidoctor-revealjs",
                checkout.resolve("docs/style/rouge.rb").toString());
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
                Locale.ROOT,
                "The book, built in %d s: file://%s%n",
                Duration.between(start, Instant.now()).toSeconds(),
                book.output.resolve("index.html"));
    }

    private void build() throws IOException {
        clean();
        // Only so does Asciidoctor report a cross reference that leads nowhere.
        var ruby = asciidoctor.unwrap(JRubyAsciidoctor.class).getRubyRuntime();
        ruby.setVerbose(ruby.getTrue());
        List<Path> sources = chapters.inOrder();
        List<Page> pages = new ArrayList<>();
        for (Path source : sources) {
            progress(pages.size() + 1, sources.size() + 2, source.getFileName().toString());
            pages.add(page(source));
        }
        progress(sources.size() + 1, sources.size() + 2, "all on one page");
        Page whole = page(chapters.whole());
        if (!problems.isEmpty()) {
            return;
        }
        ruby.setVerbose(ruby.getFalse()); // the PDF's libraries have too much to say
        progress(sources.size() + 2, sources.size() + 2, "PDF");
        asciidoctor.convertFile(
                chapters.whole().toFile(), options("pdf").toDir(output.toFile()).build());
        Object fonts = versions().get("source-sans-pro-version");
        Site site = new Site(checkout.resolve("docs/style"), pages, whole, fonts.toString());
        site.write(output);
        if (!steps(pages).isEmpty()) {
            forTheRoom(site, steps(pages));
        }
        for (Links.Broken link : Links.broken(output)) {
            log(link);
        }
        if (!problems.isEmpty()) {
            clean(); // no half of a book
        }
    }

    /** Slides and handouts, cut from the steps' chapters. */
    private void forTheRoom(Site site, List<Page> steps) throws IOException {
        File instructors = chapters.directory().resolve("instructors.adoc").toFile();
        Hints hints =
                new Hints(asciidoctor.loadFile(instructors, options("html5").build()));
        asciidoctor.javaExtensionRegistry().treeprocessor(new SlidesCut(hints)).treeprocessor(new HandoutCut());
        Slides slides = new Slides(checkout.resolve("docs/style"), output.resolve("slides"), site.styleSheet());
        Path handouts = Files.createDirectories(output.resolve("handouts"));
        for (Page step : steps) {
            System.out.printf(
                    Locale.ROOT, "        slides and handout: %s%n", step.name().replace(".html", ""));
            File chapter = chapters.directory()
                    .resolve(step.name().replace(".html", ".adoc"))
                    .toFile();
            slides.write(
                    step,
                    asciidoctor.convertFile(
                            chapter, options("revealjs").toFile(false).build(), String.class));
            asciidoctor.convertFile(
                    chapter, options("pdf", "handout").toDir(handouts.toFile()).build());
        }
    }

    private static List<Page> steps(List<Page> pages) {
        return pages.stream()
                .filter(page -> page.name().matches("step\\d\\d-.*"))
                .toList();
    }

    private Page page(Path source) throws IOException {
        String html = asciidoctor.convertFile(
                source.toFile(), options("html5").toFile(false).build(), String.class);
        return new Page(source.getFileName().toString().replace(".adoc", ".html"), html);
    }

    private void clean() throws IOException {
        if (Files.exists(output)) {
            try (Stream<Path> files = Files.walk(output)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(output);
    }

    private static void progress(int done, int of, String what) {
        System.out.printf(Locale.ROOT, "[%2d/%d] %s%n", done, of, what);
    }

    private OptionsBuilder options(String backend) throws IOException {
        return options(backend, "book");
    }

    /** @param theme of a PDF */
    private OptionsBuilder options(String backend, String theme) throws IOException {
        AttributesBuilder builder = Attributes.builder()
                .attribute("checkout", checkout.toString())
                .attribute("outdir", output.toString())
                .attribute("attribute-missing", "warn")
                .attribute("source-highlighter", "rouge")
                .attribute("rouge-css", "class")
                .attribute("pdf-themesdir", checkout.resolve("docs/style").toString())
                .attribute("pdf-theme", theme)
                .attribute(theme) // by which a chapter is cut
                .attribute("pdf-fontsdir", "GEM_FONTS_DIR;uri:classloader:/gems/prawn-icon-3.0.0/data/fonts")
                .attribute("rouge-style", "book")
                .attribute("toclevels", 1) // of the PDF, whose bookmarks have two
                .attribute("outlinelevels", 2)
                .attribute("outdir", output.toString())
                .attribute("idprefix", "")
                .attribute("idseparator", "-")
                .attribute("sectlinks")
                .attribute("example-caption", false)
                .attribute("table-caption", false)
                .attribute("experimental")
                .attribute("reproducible")
                .attribute("webfonts", false);
        Attributes attributes = (backend.equals("revealjs")
                        ? Slides.attributes(builder)
                        : builder.attribute("icons", "font").attribute("iconfont-remote", false))
                .build();
        versions().forEach(attributes::setAttribute);
        Measured.attributes(checkout).forEach(attributes::setAttribute);
        return Options.builder()
                .backend(backend)
                .safe(SafeMode.UNSAFE)
                .standalone(true)
                .attributes(attributes);
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

    private void log(Links.Broken link) throws IOException {
        String written = Stream.of(link.target(), link.target().replace(".html", ".adoc"), link.fragment())
                .filter(name -> !name.isEmpty())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        Path chapter = chapters.directory().resolve(link.page().replace(".html", ".adoc"));
        List<Path> sources = chapters.inOrder().contains(chapter) ? List.of(chapter) : chapters.inOrder();
        problems.add(place(sources, Pattern.compile(written), link.message())
                .orElse("docs/target/book/" + link.page() + ": " + link.message()));
    }

    /** Asciidoctor says of a missing attribute or anchor only which, not where. */
    private String find(String message) {
        String name = message.substring(message.lastIndexOf(' ') + 1);
        try {
            return place(chapters.inOrder(), Pattern.compile("([{#]|<<)" + Pattern.quote(name) + "\\b"), message)
                    .orElse(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> place(List<Path> chapters, Pattern what, String message) throws IOException {
        for (Path chapter : chapters) {
            List<String> lines = Files.readAllLines(chapter);
            for (int i = 0; i < lines.size(); i++) {
                if (what.matcher(lines.get(i)).find()) {
                    return Optional.of("docs/chapters/" + chapter.getFileName() + ":" + (i + 1) + ": " + message);
                }
            }
        }
        return Optional.empty();
    }
}
