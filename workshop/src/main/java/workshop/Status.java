package workshop;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import workshop.MyContainer.Made;
import workshop.code.Checkout;

@Command(name = "status", description = "Where you are: which step, what is left to do, and what to type next.")
final class Status implements Callable<Integer> {
    private final MyContainer mine = new MyContainer(Lab.checkout());

    @Override
    public Integer call() throws IOException {
        if (!mine.exists()) {
            System.out.println("There is no " + MyContainer.NAME + " yet.");
            System.out.println("Next: ./lab start 1");
            return 0;
        }
        int step = mine.step();
        String name = new Checkout(Lab.checkout()).step(step).getFileName().toString();
        System.out.println("Step " + step + ", " + name.substring("stepNN-".length()) + ", in " + MyContainer.NAME);

        Map<String, String> sources = mine.sources();
        List<String> unsolved = MyContainer.differing(sources, mine.sources(step, Made.SOLUTION));
        List<Todo> todos = Todo.in(mine);
        Todo.print(todos);
        if (mine.made() == Made.SKELETON) {
            files("changed by you", MyContainer.differing(sources, mine.sources(step, Made.SKELETON)));
        }
        files("not as the solution", unsolved);
        Optional<CheckResult> last = CheckResult.last(mine).filter(result -> result.step() == step);
        last.ifPresent(result -> System.out.println("Last check: " + result.passed() + " of " + result.of() + " passed"
                + (result.failing() == null ? "." : "; " + result.failing() + " failed first.")));

        System.out.println("Next: " + next(step, todos, unsolved.isEmpty(), last));
        return 0;
    }

    private static void files(String what, List<String> files) {
        System.out.println((files.isEmpty() ? "No file is " : "Files that are ")
                + what
                + (files.isEmpty()
                        ? "."
                        : ": "
                                + files.stream()
                                        .map(file -> file.substring(file.lastIndexOf('/') + 1))
                                        .collect(Collectors.joining(", "))));
    }

    private static String next(int step, List<Todo> todos, boolean solved, Optional<CheckResult> last)
            throws IOException {
        if (last.isPresent() && last.get().failing() != null) {
            return "./lab hint " + step + " " + last.get().failing();
        } else if (last.isPresent()) {
            return Steps.all().contains(step + 1)
                    ? "./lab start " + (step + 1)
                    : "./lab run mine sh; that was the last step";
        } else if (solved || todos.isEmpty()) {
            return "./lab check " + step;
        }
        return "write what " + todos.get(0).file().replaceFirst(".*/", "") + ":"
                + todos.get(0).line() + " asks for, and then ./lab check " + step + "; or ./lab hint " + step;
    }
}
