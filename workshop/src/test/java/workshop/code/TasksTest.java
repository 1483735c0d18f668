package workshop.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import testkit.Check;
import testkit.Checks;
import workshop.code.Task.PieceTask;

/** What an attendee sets out from, for every step: that its texts fit the code, and that the code compiles. */
class TasksTest {
    private static final Path FOLDER = Path.of("..").toAbsolutePath().normalize();
    private static final Checkout CHECKOUT = new Checkout(FOLDER);

    @TempDir
    Path directory;

    static Set<Integer> steps() throws IOException {
        return CHECKOUT.steps().keySet();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void theSkeletonCompiles(int step) throws IOException {
        Map<String, String> files = Skeleton.of(CHECKOUT, step, Task.of(step)).files();
        Compiled.into(directory, files);
        assertThat(directory.resolve("container/Container.class")).exists();
    }

    /** Else Skeleton says which. */
    @ParameterizedTest
    @MethodSource("steps")
    void everyPlaceHasItsTodoAndNoOtherHas(int step) throws IOException {
        Task task = Task.of(step);
        Map<String, String> files = Skeleton.of(CHECKOUT, step, task).files();
        long todos = files.values().stream()
                .flatMap(String::lines)
                .filter(line -> line.contains("// TODO: "))
                .count();
        assertThat(todos)
                .isEqualTo(task.pieces().values().stream()
                        .flatMap(piece -> piece.todos().stream())
                        .filter(todo -> !todo.equals(Task.GIVEN))
                        .count())
                .isPositive();
        assertThat(files.values().stream().flatMap(String::lines)).allMatch(line -> line.length() <= 120);
    }

    /** But for the TODOs, new files and what is given, it is the step before, so that it works as that did. */
    @ParameterizedTest
    @MethodSource("steps")
    void nothingOfTheStepBeforeIsMissing(int step) throws IOException {
        if (step == 1) {
            return;
        }
        Map<String, String> files = Skeleton.of(CHECKOUT, step, Task.of(step)).files();
        for (String name : StepDiff.sources(CHECKOUT.step(step - 1))) {
            List<String> kept = files.get(name).lines().map(String::strip).toList();
            assertThat(Files.readAllLines(CHECKOUT.step(step - 1).resolve(name)))
                    .filteredOn(line -> !line.contains("public Integer call()") && !line.contains("\"Running \""))
                    .allMatch(line -> kept.contains(line.strip()));
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void everyCheckOfTheStepHasAHint(int step) throws IOException {
        List<String> named = Task.of(step).pieces().values().stream()
                .flatMap(piece -> piece.checks().stream())
                .toList();
        assertThat(named).containsAll(Checks.of(step).stream().map(Check::name).toList());
        assertThat(Checks.upTo(step).stream().map(Check::name)).containsAll(named);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void theChapterSaysHowToBegin(int step) throws IOException {
        String name = CHECKOUT.step(step).getFileName().toString();
        assertThat(Files.readString(FOLDER.resolve("docs/chapters/" + name + ".adoc")))
                .contains("Write step " + step + " yourself: `./lab start " + step
                        + "` makes your own module, with a TODO"
                        + " at each place, and says what to do. If you\nare stuck, `./lab hint " + step
                        + "` helps as far as you ask it to.");
    }

    @ParameterizedTest
    @MethodSource("steps")
    void hintsAskFirstAndThenPoint(int step) throws IOException {
        for (PieceTask piece : Task.of(step).pieces().values()) {
            assertThat(piece.question()).as(piece.piece()).contains("?");
            assertThat(piece.pointer()).as(piece.piece()).endsWith(".").doesNotContain("?");
        }
    }

    @ParameterizedTest
    @CsvSource({"2, Child.main", "2, Child.environment", "4, Run.call", "5, Cgroup.close", "6, Run.layers"})
    void aTextThatIsMissingIsNamed(int step, String name) throws IOException {
        Task task = Task.of(step);
        Map<String, PieceTask> pieces = new LinkedHashMap<>(task.pieces());
        Set<String> given = new LinkedHashSet<>(task.given());
        assertThat(pieces.remove(name) != null || given.remove(name)).isTrue();
        assertThatThrownBy(() -> Skeleton.of(
                        CHECKOUT, step, new Task(step, task.title(), task.man(), task.text(), given, pieces)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the task of step " + step + " has no text for " + name);
    }

    @Test
    void aTextTooManyIsNamed() throws IOException {
        Task task = Task.of(4);
        Map<String, PieceTask> pieces = new LinkedHashMap<>(task.pieces());
        PieceTask run = pieces.get("Child.run");
        pieces.put("Child.gone", run);
        assertThatThrownBy(() -> Skeleton.of(
                        CHECKOUT, 4, new Task(4, task.title(), task.man(), task.text(), Set.of("Size"), pieces)))
                .hasMessage("the task of step 4 has a text for what does not differ: Child.gone, Size");
        pieces.remove("Child.gone");
        pieces.put("Child.run", new PieceTask("Child.run", List.of("one", "two"), false, List.of(), "", ""));
        assertThatThrownBy(() ->
                        Skeleton.of(CHECKOUT, 4, new Task(4, task.title(), task.man(), task.text(), Set.of(), pieces)))
                .hasMessage("the task of step 4 has 2 texts for the places of Child.run, which has 1");
    }

    @Test
    void aLineThatOnlyGetsLongerIsAPlaceOfItsOwn() throws IOException {
        assertThat(Skeleton.of(CHECKOUT, 4, Task.of(4)).files().get("src/main/java/container/Run.java"))
                .contains(
                        "own, too.\n            unshare(CLONE_NEWUTS | CLONE_NEWPID);\n            // TODO: ",
                        "any more.\n            try {\n");
    }
}
