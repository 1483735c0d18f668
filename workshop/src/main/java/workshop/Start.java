package workshop;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Parameters;
import workshop.MyContainer.Made;
import workshop.code.Checkout;
import workshop.code.Task;

@Command(
        name = "start",
        description =
                "Begin a step: make your own module, my-container, with a TODO wherever code goes, and say what to do.")
final class Start extends MakeMine {
    @Parameters(paramLabel = "STEP", description = "The step to write, by its number.")
    int step;

    @Override
    int step() {
        return step;
    }

    @Override
    Made made() {
        return Made.SKELETON;
    }

    @Override
    void print(int made) throws IOException {
        print(mine, made);
    }

    static void print(MyContainer mine, int step) throws IOException {
        Task task = Task.of(step);
        String name = new Checkout(Lab.checkout()).step(step).getFileName().toString();
        System.out.println(Ansi.AUTO.text("@|bold Step " + step + ", " + name.substring("stepNN-".length()) + "|@")
                + ": " + task.title());
        System.out.println();
        System.out.println(task.text());
        System.out.println();
        Todo.print(Todo.in(mine));
        System.out.println();
        row("Read", "docs/chapters/" + name + ".adoc" + manual(task));
        row("Try", "./lab run mine sh");
        row("Check", "./lab check " + step);
        row("Stuck?", "./lab hint " + step);
        row("Compare", "./lab diff mine " + step);
    }

    private static String manual(Task task) {
        List<String> pages = task.man().stream()
                .map(page -> page.replaceFirst("(.+)\\((.+)\\)", "man $2 $1"))
                .toList();
        return (pages.isEmpty() ? "" : "; ") + String.join("; ", pages);
    }

    private static void row(String what, String command) {
        System.out.println(Ansi.AUTO.text("@|bold " + what + "|@") + " ".repeat(10 - what.length()) + command);
    }
}
