package workshop.code;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The diffs of this repository's steps. */
class StepDiffTest {
    private static final Checkout CHECKOUT =
            new Checkout(Path.of("..").toAbsolutePath().normalize());

    @TempDir
    Path directory;

    /** Forwards and backwards, near and far. */
    static List<Arguments> pairs() throws IOException {
        List<Arguments> pairs = new ArrayList<>();
        for (int from : CHECKOUT.steps().keySet()) {
            for (int to : CHECKOUT.steps().keySet()) {
                pairs.add(Arguments.of(from, to));
            }
        }
        assertThat(pairs).hasSizeGreaterThanOrEqualTo(36);
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void thePatchOfAStepMakesTheOtherByteForByte(int from, int to) throws Exception {
        assertThat(patched(from, CHECKOUT.diff(from, to).patch(List.of()))).isEqualTo(files(CHECKOUT.step(to)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyLineThatDiffersIsInOnePieceOnly(int from, int to) throws Exception {
        StepDiff diff = CHECKOUT.diff(from, to);
        List<String> pieces = diff.pieces().stream().map(Piece::name).toList();
        assertThat(pieces).doesNotHaveDuplicates();
        List<Line> ofPieces = new ArrayList<>();
        for (Piece piece : diff.pieces()) {
            List<Line> lines = diff.changes(List.of(piece.name()));
            assertThat(lines).hasSize(piece.added() + piece.removed());
            ofPieces.addAll(lines);
        }
        List<String> inPatch = diff.patch(List.of())
                .lines()
                .filter(line -> line.matches("[+-].*") && !line.matches("(\\+\\+\\+|---) (a/|b/|/dev/null).*"))
                .toList();
        assertThat(ofPieces.stream().map(line -> line.kind().sign() + line.text()))
                .containsExactlyInAnyOrderElementsOf(inPatch);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void whatIsShownOfAllIsAllThatDiffers(int from, int to) throws Exception {
        StepDiff diff = CHECKOUT.diff(from, to);
        List<Line> shown = diff.blocks(List.of()).stream()
                .flatMap(block -> block.lines().stream())
                .filter(Line::isChange)
                .toList();
        assertThat(shown).containsExactlyInAnyOrderElementsOf(diff.changes(List.of()));
    }

    @Test
    void aPieceIsAPatchToo() throws Exception {
        Map<String, String> expected = files(CHECKOUT.step(2));
        String child = "src/main/java/container/Child.java";
        StepDiff diff = CHECKOUT.diff(2, 3);
        expected.put(child, files(CHECKOUT.step(3)).get(child));
        assertThat(patched(2, diff.patch(List.of("Child.imports", "Child.rootfs", "Child.run"))))
                .isEqualTo(expected);
    }

    @Test
    void namesTheStepsThatThereAre() {
        assertThatThrownBy(() -> CHECKOUT.diff(2, 99))
                .isInstanceOf(NotThere.class)
                .hasMessageStartingWith("there is no step 99; the steps are: 1 (exec), 2 (uts)");
    }

    private Map<String, String> patched(int step, String patch) throws Exception {
        for (Map.Entry<String, String> file : files(CHECKOUT.step(step)).entrySet()) {
            Path copy = directory.resolve(file.getKey());
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, file.getValue());
        }
        if (!patch.isEmpty()) {
            Process git = new ProcessBuilder("git", "apply", "--whitespace=error-all", "-")
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            try (var input = git.getOutputStream()) {
                input.write(patch.getBytes(UTF_8));
            }
            assertThat(new String(git.getInputStream().readAllBytes(), UTF_8)).isEmpty();
            assertThat(git.waitFor()).isZero();
        }
        return files(directory);
    }

    private static Map<String, String> files(Path step) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(step.resolve("src/main"))) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                files.put(step.relativize(file).toString(), Files.readString(file));
            }
        }
        return files;
    }
}
