package workshop;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import workshop.code.Line;
import workshop.code.Piece;
import workshop.code.SideBySide;
import workshop.code.SideBySide.Cell;
import workshop.code.SideBySide.Row;
import workshop.code.SideBySide.Stretch;
import workshop.code.StepDiff;

/** A diff as a page: two sides, in the book's style, with nothing to be fetched. */
final class DiffPage {
    /** The names that the book's style has for {@link Cell#kinds}. */
    private static final Map<Character, String> KINDS = Map.of('k', "k", 's', "s", 'm', "mi", 'c', "c", 'n', "nd");

    private final Path style;
    private final String left;
    private final String right;

    /**
     * @param style the book's folder of that name
     * @param left what the two sides are called
     */
    DiffPage(Path style, String left, String right) {
        this.style = style;
        this.left = left;
        this.right = right;
    }

    /**
     * @param pieces as of {@link StepDiff#blocks}
     * @return the file
     */
    Path write(Path file, StepDiff diff, List<String> pieces) throws IOException {
        List<SideBySide> files = diff.sideBySide(pieces);
        String page = Files.readString(style.resolve("side/page.html"))
                .replace("{style}", read("book.css") + read("diff.css") + read("side/side.css"))
                .replace("{theme}", read("theme.js"))
                .replace("{script}", read("side/side.js"))
                .replace("{left}", escaped(left))
                .replace("{right}", escaped(right))
                .replace("{contents}", contents(files))
                .replace("{files}", files.stream().map(this::file).collect(joining("\n")));
        return Files.writeString(file, page.replace("{count}", count(diff, files)));
    }

    private String read(String name) throws IOException {
        return Files.readString(style.resolve(name));
    }

    private static String count(StepDiff diff, List<SideBySide> files) {
        List<String> names = files.stream()
                .flatMap(file -> file.stretches().stream())
                .flatMap(stretch -> stretch.pieces().stream())
                .distinct()
                .toList();
        List<Piece> pieces = diff.pieces().stream()
                .filter(piece -> names.contains(piece.name()))
                .toList();
        return files.isEmpty()
                ? "Nothing differs."
                : String.format(
                        Locale.ROOT,
                        "+%d −%d lines in %d %s",
                        pieces.stream().mapToInt(Piece::added).sum(),
                        pieces.stream().mapToInt(Piece::removed).sum(),
                        files.size(),
                        files.size() == 1 ? "file" : "files");
    }

    private static String contents(List<SideBySide> files) {
        StringBuilder list = new StringBuilder();
        for (SideBySide file : files) {
            String last = "";
            for (Stretch stretch : file.stretches()) {
                if (!stretch.isFolded() && !name(file, stretch).equals(last)) {
                    last = name(file, stretch);
                    list.append("<li><a href=\"#").append(escaped(last)).append("\">");
                    list.append(title(file, stretch)).append("</a></li>\n");
                }
            }
        }
        return list.toString();
    }

    /** As the terminal has it: a piece by its own name, and more than one by the file's. */
    private static String name(SideBySide file, Stretch stretch) {
        return stretch.pieces().size() == 1
                ? stretch.pieces().get(0)
                : file.file().substring(file.file().lastIndexOf('/') + 1);
    }

    private static String title(SideBySide file, Stretch stretch) {
        return "<code>" + escaped(name(file, stretch)) + "</code>: "
                + escaped(stretch.place()).replaceAll("`([^`]*)`", "<code>$1</code>");
    }

    private String file(SideBySide file) {
        StringBuilder html =
                new StringBuilder("<section class=\"diff " + (file.isInBoth() ? "" : file.isNew() ? "new" : "deleted")
                        + "\">\n<h2>" + escaped(file.file()) + "</h2>\n");
        String last = "";
        for (Stretch stretch : file.stretches()) {
            if (stretch.isFolded()) {
                html.append("<details><summary>").append(lines(stretch)).append("</summary>\n");
                html.append(table(stretch)).append("</details>\n");
                continue;
            }
            String name = name(file, stretch);
            if (!name.equals(last)) {
                html.append("<h3 id=\"").append(escaped(name)).append("\" tabindex=\"-1\">");
                html.append(title(file, stretch)).append("</h3>\n");
                if (stretch.pieces().size() > 1) {
                    html.append("<p class=\"pieces\">(").append(escaped(String.join(", ", stretch.pieces())));
                    html.append(")</p>\n");
                }
                last = name;
            }
            html.append(table(stretch));
        }
        return html.append("</section>").toString();
    }

    private static String lines(Stretch stretch) {
        int count = stretch.rows().size();
        boolean same = stretch.rows().stream().allMatch(row -> row.before() == row.after());
        return "… " + count + (count == 1 ? " line" : " lines") + (same ? "" : ", of another piece");
    }

    private String table(Stretch stretch) {
        String columns =
                "<colgroup><col class=\"number\"><col class=\"before\"><col class=\"number\"><col></colgroup>\n";
        String heads = "<th scope=\"col\">line</th><th scope=\"col\">" + escaped(left)
                + "</th><th scope=\"col\">line</th><th scope=\"col\">" + escaped(right) + "</th>";
        return "<table class=\"rouge\">\n" + columns + "<thead><tr>"
                + heads.replaceAll("(<th[^>]*>)(.*?)</th>", "$1<span class=\"unseen\">$2</span></th>")
                + "</tr></thead>\n<tbody>\n"
                + stretch.rows().stream().map(DiffPage::row).collect(joining()) + "</tbody>\n</table>\n";
    }

    private static String row(Row row) {
        boolean changed = row.before() != null && row.after() != null && row.before() != row.after();
        return "<tr>" + side(row.before(), true, changed) + side(row.after(), false, changed) + "</tr>\n";
    }

    private static String side(Cell cell, boolean isLeft, boolean changed) {
        if (cell == null) {
            return "<td class=\"number none\"></td><td class=\"none\"></td>";
        }
        Line line = cell.line();
        String open =
                switch (line.kind()) {
                    case ADDED -> opening("ins", changed ? "~" : "+", changed ? "changed to: " : "added: ");
                    case REMOVED -> opening("del", changed ? "~" : "−", changed ? "changed from: " : "removed: ");
                    default -> "<span class=\"line context\"><span class=\"sign\"> </span>";
                };
        String close =
                switch (line.kind()) {
                    case ADDED -> "</ins>";
                    case REMOVED -> "</del>";
                    default -> "</span>";
                };
        return "<td class=\"number\">" + (isLeft ? line.before() : line.after()) + "</td><td>" + open + text(cell)
                + close + "</td>";
    }

    private static String opening(String tag, String sign, String said) {
        return "<" + tag + " class=\"line\"><span class=\"sign\" aria-hidden=\"true\">" + sign
                + "</span><span class=\"said\">" + said + "</span>";
    }

    /** With the colours of code, and what is otherwise on the other side marked. */
    private static String text(Cell cell) {
        String text = cell.line().text();
        StringBuilder html = new StringBuilder();
        for (int from = 0, to; from < text.length(); from = to) {
            char kind = cell.kinds().charAt(from);
            boolean changed = cell.changed().get(from);
            to = from + 1;
            while (to < text.length()
                    && cell.kinds().charAt(to) == kind
                    && cell.changed().get(to) == changed) {
                to++;
            }
            String part = escaped(text.substring(from, to));
            String coloured = kind == ' ' ? part : "<span class=\"" + KINDS.get(kind) + "\">" + part + "</span>";
            html.append(changed && !part.isBlank() ? "<b class=\"word\">" + coloured + "</b>" : coloured);
        }
        return html.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
