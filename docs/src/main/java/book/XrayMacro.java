package book;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.asciidoctor.ast.StructuralNode;
import org.asciidoctor.extension.BlockMacroProcessor;
import org.asciidoctor.extension.Name;
import workshop.XrayView;

/**
 * {@code xray::3[]}: the table that {@code ./lab xray} shows of step 3; the rows that the step flipped stand out.
 * {@code xray::3[flipped]} has only those.
 */
@Name("xray")
public final class XrayMacro extends BlockMacroProcessor {
    @Override
    public StructuralNode process(StructuralNode parent, String step, Map<String, Object> attributes) {
        Path directory = Path.of((String) parent.getDocument().getAttribute("checkout"), "docs/xray");
        try {
            XrayView view = read(directory, step);
            Map<String, Boolean> before = step.matches("0*1")
                    ? Map.of()
                    : read(directory, "" + (Integer.parseInt(step) - 1)).rows().stream()
                            .collect(toMap(XrayView.Row::name, XrayView.Row::differs));
            parseContent(parent, table(view, before, attributes.containsValue("flipped")));
            return null;
        } catch (IOException e) {
            log(Here.error(parent, e.getMessage()));
            return null;
        }
    }

    private static XrayView read(Path directory, String step) throws IOException {
        String name =
                step.matches("\\d{1,2}") ? String.format(Locale.ROOT, "step%02d.json", Integer.parseInt(step)) : step;
        Path file = directory.resolve(name);
        if (!step.matches("\\d{1,2}") || !Files.exists(file)) {
            throw new IOException("docs/xray/" + name + ": no such file; sudo ./lab record xray makes them");
        }
        try {
            return XrayView.read(file);
        } catch (IOException e) {
            throw new IOException(
                    "docs/xray/" + name + ": "
                            + e.getMessage().lines().findFirst().orElse(""),
                    e);
        }
    }

    private static List<String> table(XrayView view, Map<String, Boolean> before, boolean onlyFlipped) {
        if (onlyFlipped && view.rows().stream().noneMatch(row -> isFlipped(row, before))) {
            return List.of("No row flips: each reads as it did before.");
        }
        List<String> lines = new ArrayList<>();
        lines.add(".`./lab xray` beside `+" + view.run() + "+`");
        lines.add("[.xray%header,cols=\"<4h,<5,<5,<4\"]");
        lines.add("|===");
        lines.add("| what | host | container | compared");
        for (XrayView.Row row : view.rows()) {
            boolean flipped = isFlipped(row, before);
            if (onlyFlipped && !flipped) {
                continue;
            }
            String mark = flipped ? "[.flipped]*new in this step*" : row.differs() ? "[.differs]#differs#" : "";
            lines.add("");
            lines.add("| " + row.name());
            lines.add("| " + cell(row.host(), flipped));
            lines.add("| " + cell(row.container(), flipped));
            lines.add("| " + mark);
        }
        lines.add("|===");
        return lines;
    }

    private static boolean isFlipped(XrayView.Row row, Map<String, Boolean> before) {
        return row.differs() && !before.isEmpty() && !before.getOrDefault(row.name(), false);
    }

    private static String cell(String text, boolean flipped) {
        String literal = "pass:c[" + text.replace("|", "\\|") + "]";
        return flipped ? "*" + literal + "*" : literal;
    }
}
