package workshop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Help.Ansi;

/**
 * A place in the attendee's code that is still to be written.
 *
 * @param file in the module
 * @param line from 1
 * @param text the first line of what it says
 */
record Todo(String file, int line, String text) {
    private static final Pattern MARK = Pattern.compile("//\\s*TODO\\b:?\\s*(.*)");

    static List<Todo> in(MyContainer mine) throws IOException {
        List<Todo> todos = new ArrayList<>();
        for (Map.Entry<String, String> source : new TreeMap<>(mine.sources()).entrySet()) {
            int line = 0;
            for (String text : source.getValue().lines().toList()) {
                line++;
                Matcher mark = MARK.matcher(text);
                if (mark.find()) {
                    todos.add(new Todo(source.getKey(), line, mark.group(1)));
                }
            }
        }
        return todos;
    }

    static void print(List<Todo> todos) {
        if (todos.isEmpty()) {
            System.out.println("No TODO is left.");
            return;
        }
        System.out.println(todos.size() == 1 ? "One TODO:" : todos.size() + " TODOs:");
        for (Todo todo : todos) {
            String place = MyContainer.NAME + "/" + todo.file() + ":" + todo.line();
            System.out.println("  " + Diff.styled("cyan", place, Ansi.AUTO.enabled()));
            System.out.println("      " + (todo.text().matches(".*[.:]") ? todo.text() : todo.text() + " …"));
        }
    }
}
