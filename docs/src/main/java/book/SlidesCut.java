package book;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asciidoctor.ast.Document;
import org.asciidoctor.ast.Section;
import org.asciidoctor.ast.StructuralNode;
import org.asciidoctor.extension.Treeprocessor;

/**
 * Cuts a step's chapter into slides. Whatever is to be looked at (a picture, a piece of a diff, code, a terminal, a
 * table, a list, something to do) has a slide, with the sentence that leads to it, if one ends with a colon; the rest of
 * the prose is in its notes, with what the chapter for instructors says.
 */
final class SlidesCut extends Treeprocessor {
    private static final Pattern CHAPTER = Pattern.compile("step0*(\\d+)");
    /** Sections whose prose is short, and says it all. */
    private static final Pattern PROSE = Pattern.compile(".*-(end|missing)");

    private final Hints hints;

    SlidesCut(Hints hints) {
        this.hints = hints;
    }

    /** What is on a slide, and what is said to it. */
    private record Slide(List<StructuralNode> shown, List<StructuralNode> notes) {
        Slide() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    @Override
    public Document process(Document document) {
        Matcher chapter = CHAPTER.matcher(String.valueOf(document.getId()));
        if ("revealjs".equals(document.getAttribute("backend")) && chapter.matches()) {
            int step = Integer.parseInt(chapter.group(1));
            for (StructuralNode block : List.copyOf(document.getBlocks())) {
                if (block instanceof Section section) {
                    cut(section, step);
                }
            }
        }
        return document;
    }

    private void cut(Section section, int step) {
        List<StructuralNode> blocks = taken(section);
        List<Slide> slides = PROSE.matcher(section.getId()).matches()
                ? List.of(new Slide(blocks, new ArrayList<>()))
                : slides(blocks);
        List<String> said = new ArrayList<>(hints.show(section.getTitle()));
        if (section.getId().endsWith("-end")) {
            said.addAll(hints.time(step));
        } else if (section.getId().endsWith("-check")) {
            said.addAll(hints.answers(step));
        }
        said.forEach(
                hint -> slides.get(0).notes().add(createBlock(section, "pass", "<p class=\"hint\">" + hint + "</p>")));
        for (int i = 0; i < slides.size(); i++) {
            Section slide = section;
            if (i > 0) {
                slide = createSection(section, 2, false, Map.of());
                slide.setTitle(section.getTitle());
                slide.setId(section.getId() + "-" + (i + 1));
                section.append(slide);
            }
            slides.get(i).shown().forEach(slide::append);
            if (!slides.get(i).notes().isEmpty()) {
                StructuralNode notes = createBlock(slide, "open", (String) null, Map.of("role", "notes"));
                slides.get(i).notes().forEach(note -> say(note, notes));
                slide.append(notes);
            }
        }
    }

    /** A section in the notes would be a slide. */
    private void say(StructuralNode note, StructuralNode notes) {
        if (note instanceof Section section) {
            notes.append(createBlock(notes, "pass", "<p><strong>" + section.getTitle() + "</strong></p>"));
            taken(section).forEach(notes::append);
        } else {
            notes.append(note);
        }
    }

    private List<Slide> slides(List<StructuralNode> blocks) {
        List<Slide> slides = new ArrayList<>(List.of(new Slide()));
        List<StructuralNode> lead = new ArrayList<>();
        for (StructuralNode block : blocks) {
            if (isProse(block)) {
                lead.forEach(last(slides).notes()::add);
                lead.clear();
                lead.add(block);
                continue;
            }
            boolean leads =
                    !lead.isEmpty() && lead.get(0).getContent().toString().endsWith(":");
            if (!leads) {
                lead.forEach(last(slides).notes()::add);
                lead.clear();
            }
            for (StructuralNode shown : parts(block)) {
                Slide slide = last(slides);
                if (!slide.shown().isEmpty()) {
                    slide = new Slide();
                    slides.add(slide);
                }
                slide.shown().addAll(lead);
                slide.shown().add(shown);
                lead.clear();
            }
        }
        lead.forEach(last(slides).notes()::add);
        return slides;
    }

    private static Slide last(List<Slide> slides) {
        return slides.get(slides.size() - 1);
    }

    private static boolean isProse(StructuralNode block) {
        return List.of("paragraph", "colist", "section").contains(block.getContext());
    }

    /** A diff or a transcript may be several blocks. */
    private static List<StructuralNode> parts(StructuralNode block) {
        return block.getContext().equals("open") ? taken(block) : List.of(block);
    }

    private static List<StructuralNode> taken(StructuralNode node) {
        List<StructuralNode> blocks = List.copyOf(node.getBlocks());
        while (!node.getBlocks().isEmpty()) {
            node.getBlocks().remove(0);
        }
        return blocks;
    }
}
