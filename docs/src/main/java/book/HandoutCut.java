package book;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asciidoctor.ast.Document;
import org.asciidoctor.ast.Section;
import org.asciidoctor.ast.StructuralNode;
import org.asciidoctor.extension.Treeprocessor;
import workshop.transcript.Transcript;
import workshop.transcript.Transcripts;

/**
 * Cuts a step's chapter down to a page on paper, if the document has the attribute {@code handout}: what the step is
 * for, its picture, the calls that are new, the commands, the rows that flip, what to break, and the questions.
 */
final class HandoutCut extends Treeprocessor {
    private static final Pattern SECTION = Pattern.compile("step0*(\\d+)-(\\w+)");

    @Override
    public Document process(Document document) {
        if (document.hasAttribute("handout")) {
            for (StructuralNode block : List.copyOf(document.getBlocks())) {
                Matcher name = SECTION.matcher(String.valueOf(block.getId()));
                if (block instanceof Section section && name.matches()) {
                    cut(section, name.group(1), name.group(2));
                    if (section.getBlocks().isEmpty()) {
                        document.getBlocks().remove(section);
                    }
                }
            }
        }
        return document;
    }

    private void cut(Section section, String step, String name) {
        List<StructuralNode> blocks = List.copyOf(section.getBlocks());
        while (!section.getBlocks().isEmpty()) {
            section.getBlocks().remove(0);
        }
        switch (name) {
            case "end", "check" -> blocks.forEach(section::append);
            case "idea" ->
                blocks.stream()
                        .filter(block -> isPicture(block, "walls"))
                        .forEach(picture -> parseContent(section, besideCommands(picture, section)));
            case "change" -> parseContent(section, List.of("calls::" + step + "[]"));
            case "outside" -> parseContent(section, List.of("xray::" + step + "[flipped]"));
            case "break" -> blocks.stream().filter(HandoutCut::isExercise).forEach(section::append);
            default -> {}
        }
    }

    /** The picture, and to its right what is typed in the section "Run it". */
    private static List<String> besideCommands(StructuralNode picture, Section section) {
        List<String> lines = new ArrayList<>(List.of(
                "[cols=\"2a,7a\",frame=none,grid=none,format=psv,separator=!]",
                "|===",
                "! image::" + picture.getAttribute("target") + "[pdfwidth=100%]",
                "!"));
        for (StructuralNode run : section.getDocument().getBlocks()) {
            if (String.valueOf(run.getId()).endsWith("-run")) {
                lines.addAll(List.of("." + run.getTitle(), "[listing]", "----"));
                commands(run.getBlocks()).forEach(command -> lines.add(command.replace("!", "\\!")));
                lines.add("----");
            }
        }
        lines.add("|===");
        return lines;
    }

    private static boolean isPicture(StructuralNode block, String name) {
        return block.getContext().equals("image")
                && String.valueOf(block.getAttribute("target")).endsWith("-" + name + ".svg");
    }

    private static boolean isExercise(StructuralNode block) {
        return block.getContext().equals("example");
    }

    /** What is typed in the transcripts of a section, once each. */
    private static List<String> commands(List<StructuralNode> blocks) {
        Set<String> commands = new LinkedHashSet<>();
        for (StructuralNode block : blocks) {
            if (block.getAttribute("transcript") instanceof String name) {
                Path checkout = Path.of((String) block.getDocument().getAttribute("checkout"));
                try {
                    Transcript transcript =
                            new Transcripts(checkout).variants(name).get(0);
                    transcript.entries().stream()
                            .filter(entry -> !entry.isKey() && !entry.hidden())
                            .flatMap(entry -> (entry.prompt() + entry.input()).lines())
                            .forEach(commands::add);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return new ArrayList<>(commands);
    }
}
