package book;

import java.util.Map;
import org.asciidoctor.ast.Document;
import org.asciidoctor.extension.Treeprocessor;

/** The titles of {@code [.try]} and {@code [.wrong]} blocks, unless they have one. */
public final class BlockTitles extends Treeprocessor {
    private static final Map<String, String> TITLES = Map.of("try", "Do this", "wrong", "Wrong, on purpose");

    @Override
    public Document process(Document document) {
        TITLES.forEach((role, title) -> document.findBy(Map.of("role", role)).stream()
                .filter(block -> block.getTitle() == null)
                .forEach(block -> block.setTitle(title)));
        return document;
    }
}
