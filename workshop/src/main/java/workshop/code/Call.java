package workshop.code;

import com.github.javaparser.ast.CompilationUnit;
import com.github.javaparser.ast.body.MethodDeclaration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A system call in a step's source, through a helper of the module syscalls.
 *
 * @param type the class that it is in, as {@code Run}
 * @param text of the call, on one line
 * @param page of the manual, as {@code unshare(2)}
 * @param does what the helper says that it does, one sentence without its full stop
 */
public record Call(String type, String text, String page, String does) {
    /** Also of functions of libc, as posix_spawn(3). */
    private static final Pattern PAGE = Pattern.compile("\\b([a-z_]+[0-9]?)\\(([23])\\)");

    /** The helpers that name a page of the manual, by their names. */
    static Map<String, Call> helpers(CompilationUnit unit) {
        Map<String, Call> helpers = new LinkedHashMap<>();
        for (MethodDeclaration method : unit.findAll(MethodDeclaration.class)) {
            String text = method.getJavadoc()
                    .map(javadoc -> javadoc.getDescription().toText())
                    .orElse("")
                    .replaceAll("\\{@\\w+ [#]?([^}]*)}", "$1")
                    .replaceAll("<[^>]*>", "")
                    .replaceAll("\\s+", " ");
            Matcher page = PAGE.matcher(text);
            // A helper that only answers a question isolates nothing.
            boolean acts = method.getType().isVoidType()
                    || method.getJavadocComment()
                            .filter(comment -> comment.getContent().contains("@throws SyscallException"))
                            .isPresent();
            if (method.isPublic() && acts && page.find()) {
                String sentence = text.split("\\. |\\.$", 2)[0].replaceFirst(": [^:]*\\(\\d\\).*", "");
                helpers.putIfAbsent(
                        method.getNameAsString(), new Call("", method.getNameAsString(), page.group(), sentence));
            }
        }
        return helpers;
    }
}
