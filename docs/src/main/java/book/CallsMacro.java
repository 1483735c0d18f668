package book;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.asciidoctor.ast.StructuralNode;
import org.asciidoctor.extension.BlockMacroProcessor;
import org.asciidoctor.extension.Name;
import workshop.code.Call;
import workshop.code.Checkout;
import workshop.code.NotThere;

/** {@code calls::3[]}: the system calls that are new in a step or have new flags, and what they do. */
@Name("calls")
public final class CallsMacro extends BlockMacroProcessor {
    @Override
    public StructuralNode process(StructuralNode parent, String step, Map<String, Object> attributes) {
        try {
            if (!step.matches("\\d{1,2}")) {
                throw new IllegalArgumentException("calls::" + step + "[]: write a step, as in calls::3[]");
            }
            Checkout checkout =
                    new Checkout(Path.of((String) parent.getDocument().getAttribute("checkout")));
            parseContent(parent, table(checkout.calls(Integer.parseInt(step))));
        } catch (NotThere | IllegalArgumentException e) {
            log(Here.error(parent, e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }

    /** A row for each function, with all its calls. */
    private static List<String> table(List<Call> calls) {
        Map<String, List<Call>> rows = new LinkedHashMap<>();
        for (Call call : calls) {
            String page = call.page().replaceFirst("(.*)\\((\\d)\\)", "man:$1[$2]");
            rows.computeIfAbsent(page + ": " + literal(call.does()), row -> new ArrayList<>())
                    .add(call);
        }
        List<String> lines = new ArrayList<>(List.of("[.calls%header,cols=\"<7,<6\"]", "|==="));
        lines.add("| call | what it does");
        rows.forEach((does, made) -> {
            lines.add("");
            lines.add("| "
                    + made.stream()
                            .map(call -> "`" + literal(call.text()) + "` in " + call.type())
                            .distinct()
                            .collect(joining(" +\n")));
            lines.add("| " + does);
        });
        lines.add("|===");
        return lines;
    }

    private static String literal(String text) {
        return "pass:c[" + text.replace("|", "\\|").replace("]", "\\]") + "]";
    }
}
