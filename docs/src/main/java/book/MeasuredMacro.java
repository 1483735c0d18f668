package book;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.asciidoctor.ast.StructuralNode;
import org.asciidoctor.extension.BlockMacroProcessor;
import org.asciidoctor.extension.Name;

/** {@code measured::start[What it is]}: a table of what {@code bench/measure} recorded, with that title. */
@Name("measured")
public final class MeasuredMacro extends BlockMacroProcessor {
    public MeasuredMacro() {
        getConfig().put("content_model", ":raw"); // a title may have commas
    }

    @Override
    public StructuralNode process(StructuralNode parent, String name, Map<String, Object> attributes) {
        Path checkout = Path.of((String) parent.getDocument().getAttribute("checkout"));
        try {
            String title = String.valueOf(attributes.getOrDefault("text", "")).strip();
            if (title.isEmpty()) {
                throw new IOException("measured::" + name + "[]: what it is has to be said");
            }
            parseContent(parent, table(Measured.read(checkout, name), title));
        } catch (IOException | IllegalArgumentException e) {
            log(Here.error(parent, e.getMessage()));
        }
        return null;
    }

    private static List<String> table(Measured measured, String title) {
        List<String> lines = new ArrayList<>();
        lines.add("." + title + " (" + measured.where() + ")");
        lines.add(
                "[.measured%header,cols=\"<4h" + ",>2".repeat(measured.columns().size()) + "\"]");
        lines.add("|===");
        lines.add("| what | " + String.join(" | ", measured.columns().values()));
        for (Measured.Row row : measured.rows()) {
            lines.add("");
            lines.add("| pass:c[" + row.label() + "]");
            measured.columns().keySet().forEach(column -> lines.add("| " + row.number(column)));
        }
        lines.add("|===");
        return lines;
    }
}
