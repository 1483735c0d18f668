package book;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asciidoctor.ast.Document;
import org.asciidoctor.extension.IncludeProcessor;
import org.asciidoctor.extension.PreprocessorReader;
import workshop.code.Checkout;
import workshop.code.NotThere;

/**
 * {@code include::member:3/Child.run[callouts="chroot;chdir"]}: a member of a step's class, or of another module's, or a
 * whole class, without the comment before it. Each text of the callouts numbers the first line that contains it.
 */
public final class MemberInclude extends IncludeProcessor {
    private static final Pattern MEMBER = Pattern.compile("member:([^/]+)/(.+)");

    @Override
    public boolean handles(String target) {
        return target.startsWith("member:");
    }

    @Override
    public void process(Document document, PreprocessorReader reader, String target, Map<String, Object> attributes) {
        try {
            Matcher member = MEMBER.matcher(target);
            if (!member.matches()) {
                throw new IllegalArgumentException(
                        target + ": write a step or module, and a member, as in member:3/Child.run");
            }
            Checkout checkout = new Checkout(Path.of((String) document.getAttribute("checkout")));
            List<String> lines = new ArrayList<>(checkout.member(member.group(1), member.group(2)));
            while (lines.get(0).matches(" ?(/\\*\\*|\\*).*")) {
                lines.remove(0); // the prose around it says that
            }
            number(lines, (String) attributes.getOrDefault("callouts", ""), target);
            reader.pushInclude(String.join("\n", lines), target, target, 1, Map.of());
        } catch (NotThere | IllegalArgumentException e) {
            log(Here.error(reader, e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void number(List<String> lines, String callouts, String target) {
        int number = 0;
        for (String text : callouts.isEmpty() ? new String[0] : callouts.split(";")) {
            number++;
            int line = 0;
            while (line < lines.size() && !lines.get(line).contains(text.strip())) {
                line++;
            }
            if (line == lines.size()) {
                throw new IllegalArgumentException("no line of " + target + " contains '" + text.strip()
                        + "', for callout " + number + "; its lines are: " + String.join(" | ", lines));
            }
            lines.set(line, lines.get(line) + " // <" + number + ">");
        }
    }
}
