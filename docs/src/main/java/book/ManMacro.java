package book;

import java.util.Map;
import org.asciidoctor.ast.PhraseNode;
import org.asciidoctor.ast.StructuralNode;
import org.asciidoctor.extension.InlineMacroProcessor;
import org.asciidoctor.extension.Name;

/** {@code man:unshare[2]}: a page of the Linux manual. */
@Name("man")
public final class ManMacro extends InlineMacroProcessor {
    @Override
    public PhraseNode process(StructuralNode parent, String page, Map<String, Object> attributes) {
        Object section = attributes.get("1");
        String address = "https://man7.org/linux/man-pages/man" + section + "/" + page + "." + section + ".html";
        return createPhraseNode(
                parent,
                "anchor",
                page + "(" + section + ")",
                Map.of("role", "man"),
                Map.of("type", ":link", "target", address));
    }
}
