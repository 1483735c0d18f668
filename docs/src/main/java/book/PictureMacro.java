package book;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.asciidoctor.ast.StructuralNode;
import org.asciidoctor.extension.BlockMacroProcessor;
import org.asciidoctor.extension.Name;

/** {@code picture::step03-walls[what it shows, in words]}: a drawing of docs/pictures. */
@Name("picture")
public class PictureMacro extends BlockMacroProcessor {
    public PictureMacro() {
        getConfig().put("content_model", ":raw"); // the words may have commas
    }

    Picture picture(Path checkout, String name) throws IOException {
        return new Picture(checkout.resolve("docs/pictures").resolve(name + ".puml"));
    }

    @Override
    public StructuralNode process(StructuralNode parent, String name, Map<String, Object> attributes) {
        String alt = String.valueOf(attributes.getOrDefault("text", "")).strip();
        Path checkout = Path.of((String) parent.getDocument().getAttribute("checkout"));
        try {
            if (alt.isEmpty()) {
                throw new IOException(getName() + "::" + name + "[]: what it shows has to be said in words as well");
            }
            Picture picture = picture(checkout, name);
            if ("pdf".equals(parent.getDocument().getAttribute("backend"))) { // its basebackend is html, too
                Path file = checkout.resolve("docs/target/pictures").resolve(name + ".svg");
                Files.createDirectories(file.getParent());
                Files.writeString(file, picture.forPrint());
                return createBlock(
                        parent,
                        "image",
                        "",
                        Map.of(
                                "target",
                                file.toString(),
                                "alt",
                                alt,
                                "pdfwidth",
                                Math.round(picture.width() * 0.75) + "pt",
                                "align",
                                "center"));
            }
            return createBlock(
                    parent,
                    "pass",
                    "<div class=\"imageblock picture\"><div class=\"content\">"
                            + picture.forPage(alt, checkout.resolve("docs/pictures/style.iuml")) + "</div></div>");
        } catch (IOException e) {
            log(Here.error(parent, e.getMessage()));
            return null;
        }
    }
}
