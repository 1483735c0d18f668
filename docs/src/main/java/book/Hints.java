package book;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.asciidoctor.ast.DescriptionList;
import org.asciidoctor.ast.Document;
import org.asciidoctor.ast.ListItem;
import org.asciidoctor.ast.Row;
import org.asciidoctor.ast.StructuralNode;
import org.asciidoctor.ast.Table;

/** What the chapter for instructors says of a step, in HTML: for the notes of the step's slides. */
final class Hints {
    /** How long each chapter takes, and the moment to aim for. */
    private final Map<String, String> times = new LinkedHashMap<>();
    /** The answers to each chapter's questions. */
    private final Map<String, String> answers;
    /** What to show in each section of a chapter. */
    private final Map<String, String> shows;

    /** @param instructors the chapter, loaded */
    Hints(Document instructors) {
        answers = list(instructors, "instructors-answers");
        shows = list(instructors, "instructors-show");
        for (StructuralNode table : instructors.findBy(Map.of("context", ":table"))) {
            if ("instructors-time".equals(((StructuralNode) table.getParent()).getId())) {
                times((Table) table);
            }
        }
    }

    private void times(Table table) {
        List<String> heads = cells(table.getHeader().get(0));
        for (Row row : table.getBody()) {
            List<String> cells = cells(row);
            times.put(
                    cells.get(0),
                    heads.get(1) + " " + cells.get(1) + ", " + heads.get(2) + " " + cells.get(2) + "; " + heads.get(3)
                            + ": " + cells.get(3));
        }
    }

    private static List<String> cells(Row row) {
        return row.getCells().stream().map(cell -> cell.getText()).toList();
    }

    private static Map<String, String> list(Document instructors, String section) {
        Map<String, String> list = new LinkedHashMap<>();
        for (StructuralNode node : instructors.findBy(Map.of("context", ":dlist"))) {
            if (section.equals(((StructuralNode) node.getParent()).getId())) {
                ((DescriptionList) node)
                        .getItems()
                        .forEach(item -> list.put(
                                item.getTerms().stream().map(ListItem::getText).collect(Collectors.joining(", ")),
                                item.getDescription().getText()));
            }
        }
        return list;
    }

    /** For the first slides of a step: its row of the table of times. */
    List<String> time(int step) {
        Pattern name = Pattern.compile("\\bstep " + step + "\\b", Pattern.CASE_INSENSITIVE);
        return times.entrySet().stream()
                .filter(row -> name.matcher(row.getKey()).find())
                .map(Map.Entry::getValue)
                .toList();
    }

    List<String> answers(int step) {
        return found(answers, "Step " + step);
    }

    /** @param section its title in the chapters */
    List<String> show(String section) {
        return found(shows, section);
    }

    private static List<String> found(Map<String, String> hints, String name) {
        return hints.containsKey(name) ? List.of(hints.get(name)) : List.of();
    }
}
