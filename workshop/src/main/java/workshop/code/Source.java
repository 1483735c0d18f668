package workshop.code;

import com.github.javaparser.JavaParser;
import com.github.javaparser.JavaToken;
import com.github.javaparser.ParserConfiguration;
import com.github.javaparser.ast.CompilationUnit;
import com.github.javaparser.ast.Node;
import com.github.javaparser.ast.body.AnnotationDeclaration;
import com.github.javaparser.ast.body.BodyDeclaration;
import com.github.javaparser.ast.body.CallableDeclaration;
import com.github.javaparser.ast.body.ClassOrInterfaceDeclaration;
import com.github.javaparser.ast.body.CompactConstructorDeclaration;
import com.github.javaparser.ast.body.EnumDeclaration;
import com.github.javaparser.ast.body.FieldDeclaration;
import com.github.javaparser.ast.body.RecordDeclaration;
import com.github.javaparser.ast.body.TypeDeclaration;
import com.github.javaparser.ast.comments.Comment;
import com.github.javaparser.ast.expr.AnnotationExpr;
import com.github.javaparser.ast.expr.Expression;
import com.github.javaparser.ast.expr.MethodCallExpr;
import com.github.javaparser.ast.stmt.BlockStmt;
import com.github.javaparser.ast.stmt.Statement;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A source file: its lines, the parts that they make, and the members in it. */
final class Source {
    /** After a last line that no newline ends, as in a patch. */
    private static final String NO_NEWLINE = "\n\\ No newline at end of file";

    static {
        Locale.setDefault(Locale.ROOT); // in Turkish JavaParser does not know a type of Java: INT is "\u0131nt"
    }

    private final String name;
    private final List<String> lines;
    private final Optional<CompilationUnit> unit;
    private final BitSet comments = new BitSet();
    private final List<Part> parts = new ArrayList<>();
    private int next = 1;

    private Source(String name, String text) {
        this.name = name;
        lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        String last = lines.remove(lines.size() - 1);
        if (!last.isEmpty()) {
            lines.add(last + NO_NEWLINE);
        }
        unit = name.endsWith(".java") ? parse(text) : Optional.empty();
        unit.ifPresent(this::cut);
    }

    /**
     * Lines may end as on Windows.
     *
     * @throws IOException if the file cannot be read, or is no text
     */
    static Source of(Path file) throws IOException {
        try {
            return new Source(
                    file.getFileName().toString(), Files.readString(file).replace("\r\n", "\n"));
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": no text in UTF-8", e);
        }
    }

    List<String> lines() {
        return lines;
    }

    /**
     * For each line what its characters are part of: k a keyword, s a string, m a number, c a comment, n an annotation's
     * sign, or a blank. All are blanks where the source is no Java.
     */
    List<String> kinds() {
        List<StringBuilder> kinds = lines.stream()
                .map(line -> new StringBuilder(" ".repeat(line.length())))
                .toList();
        unit.flatMap(CompilationUnit::getTokenRange)
                .ifPresent(tokens -> tokens.forEach(token -> token.getRange().ifPresent(range -> {
                    char kind = kind(token);
                    for (int i = range.begin.line; kind != ' ' && i <= range.end.line; i++) {
                        StringBuilder line = kinds.get(i - 1);
                        int from = i == range.begin.line ? range.begin.column - 1 : 0;
                        int to = i == range.end.line ? range.end.column : line.length();
                        line.replace(from, to, String.valueOf(kind).repeat(Math.max(0, to - from)));
                    }
                })));
        return kinds.stream().map(StringBuilder::toString).toList();
    }

    List<Call> calls(Map<String, Call> helpers) {
        return unit.stream()
                .flatMap(parsed -> parsed.findAll(MethodCallExpr.class).stream())
                .filter(call -> call.getScope().isEmpty() && helpers.containsKey(call.getNameAsString()))
                .map(call -> {
                    Call helper = helpers.get(call.getNameAsString());
                    return new Call(
                            name.replaceFirst("\\.java$", ""), text(call, helpers), helper.page(), helper.does());
                })
                .toList();
    }

    /** A call in its arguments has a line of its own. */
    private static String text(MethodCallExpr call, Map<String, Call> helpers) {
        String text = call.toString();
        for (Expression argument : call.getArguments()) {
            if (argument.isMethodCallExpr()
                    && (helpers.containsKey(argument.asMethodCallExpr().getNameAsString())
                            || argument.toString().startsWith("thisProgram("))) {
                String name = argument.asMethodCallExpr().getNameAsString();
                text = text.replace(argument.toString(), name + "(…)");
            }
        }
        return text.replaceAll("\\s+", " ");
    }

    Map<String, Call> helpers() {
        return unit.map(Call::helpers).orElse(Map.of());
    }

    private static char kind(JavaToken token) {
        JavaToken.Category category = token.getCategory();
        return category.isComment()
                ? 'c'
                : category.isKeyword()
                        ? 'k'
                        : token.getText().equals("@")
                                ? 'n'
                                : category.isLiteral() ? token.getText().matches("[\"'].*") ? 's' : 'm' : ' ';
    }

    /** All its lines, each in one part; none if that cannot be told. */
    List<Part> parts() {
        return parts;
    }

    Part whole() {
        return new Part(Part.Kind.FILE, List.of(name), "", "file", 1, lines.size());
    }

    private static Optional<CompilationUnit> parse(String text) {
        ParserConfiguration configuration =
                new ParserConfiguration().setLanguageLevel(ParserConfiguration.LanguageLevel.JAVA_17);
        return new JavaParser(configuration)
                .parse(text)
                .getResult()
                .filter(unit -> unit.getParsed() == Node.Parsedness.PARSED);
    }

    private void cut(CompilationUnit unit) {
        for (Comment comment : unit.getAllComments()) {
            int from = line(comment);
            String before = lines.get(from - 1).substring(0, comment.getBegin().orElseThrow().column - 1);
            if (before.isBlank()) {
                comments.set(from, end(comment) + 1);
            }
        }
        List<TypeDeclaration<?>> types = unit.getTypes();
        if (types.isEmpty()) {
            return;
        }
        String stem = name.replaceFirst("\\.java$", "");
        part(Part.Kind.IMPORTS, List.of(stem + ".imports"), "", "imports", above(types.get(0)));
        for (TypeDeclaration<?> type : types) {
            cut(type);
        }
        Part last = parts.remove(parts.size() - 1);
        parts.add(new Part(last.kind(), last.names(), last.type(), last.words(), last.from(), lines.size()));
    }

    private void cut(TypeDeclaration<?> type) {
        List<String> names = List.of(type.getNameAsString() + ".class");
        String in = word(type) + " `" + type.getNameAsString() + "`";
        List<BodyDeclaration<?>> members = members(type);
        int head = members.isEmpty() ? end(type) : above(members.get(0));
        part(Part.Kind.HEAD, names, in, "head of " + in, head);
        for (int i = 0; i < members.size(); i++) {
            List<BodyDeclaration<?>> group = new ArrayList<>(List.of(members.get(i)));
            while (i + 1 < members.size() && isInGroup(members.get(i), members.get(i + 1))) {
                group.add(members.get(++i));
            }
            Set<String> all = new LinkedHashSet<>();
            group.forEach(member -> all.addAll(names(member)));
            List<String> qualified = all.stream()
                    .map(each -> type.getNameAsString() + "." + each)
                    .toList();
            part(Part.Kind.MEMBER, qualified, in, words(group), end(members.get(i)));
        }
        part(Part.Kind.END, names, in, "end of " + in, end(type));
    }

    private void part(Part.Kind kind, List<String> names, String type, String words, int to) {
        if (to >= next) {
            parts.add(new Part(kind, names, type, words, next, to));
            next = to + 1;
        }
    }

    /** Fields with no blank line between them. */
    private boolean isInGroup(BodyDeclaration<?> member, BodyDeclaration<?> following) {
        return member.isFieldDeclaration() && following.isFieldDeclaration() && start(following) <= end(member) + 1;
    }

    private static List<BodyDeclaration<?>> members(TypeDeclaration<?> type) {
        return type.getMembers().stream()
                .sorted(Comparator.comparing(member -> member.getBegin().orElseThrow()))
                .toList();
    }

    /** The last line, not blank, before a node and its comment. */
    private int above(Node node) {
        int line = start(node) - 1;
        while (line > 0 && lines.get(line - 1).isBlank()) {
            line--;
        }
        return line;
    }

    private int start(Node node) {
        int line = line(node);
        while (comments.get(line - 1)) {
            line--;
        }
        return line;
    }

    private static int line(Node node) {
        return node.getBegin().orElseThrow().line;
    }

    private static int end(Node node) {
        return node.getEnd().orElseThrow().line;
    }

    private static String word(TypeDeclaration<?> type) {
        if (type instanceof ClassOrInterfaceDeclaration declaration && declaration.isInterface()) {
            return "interface";
        } else if (type instanceof EnumDeclaration) {
            return "enum";
        } else if (type instanceof RecordDeclaration) {
            return "record";
        }
        return type instanceof AnnotationDeclaration ? "annotation" : "class";
    }

    /** What a member is called in its type: with its parameters, if others are called the same, and without. */
    private static List<String> names(BodyDeclaration<?> member) {
        if (member instanceof FieldDeclaration field) {
            return field.getVariables().stream()
                    .map(variable -> variable.getNameAsString())
                    .toList();
        } else if (member instanceof CallableDeclaration<?> callable) {
            String name = callable.getNameAsString();
            String whole = name
                    + callable.getParameters().stream()
                            .map(parameter -> parameter.getTypeAsString().replace(",", ", ")
                                    + (parameter.isVarArgs() ? "..." : ""))
                            .collect(Collectors.joining(", ", "(", ")"));
            long same = siblings(member).stream()
                    .filter(sibling -> sibling instanceof CallableDeclaration<?> other
                            && other.getNameAsString().equals(name))
                    .count();
            return same > 1 ? List.of(whole, name) : List.of(name, whole);
        } else if (member instanceof CompactConstructorDeclaration constructor) {
            return List.of(constructor.getNameAsString());
        } else if (member instanceof TypeDeclaration<?> type) {
            return List.of(type.getNameAsString());
        }
        return List.of("static");
    }

    private static List<BodyDeclaration<?>> siblings(BodyDeclaration<?> member) {
        return member.getParentNode()
                .filter(parent -> parent instanceof TypeDeclaration<?>)
                .map(parent -> members((TypeDeclaration<?>) parent))
                .orElse(List.of());
    }

    private static String words(List<BodyDeclaration<?>> group) {
        BodyDeclaration<?> member = group.get(0);
        String name = names(member).get(0);
        if (member.isFieldDeclaration()) {
            List<String> fields =
                    group.stream().flatMap(field -> names(field).stream()).toList();
            return fields.size() == 1
                    ? "field `" + name + "`"
                    : "fields `" + name + "` to `" + fields.get(fields.size() - 1) + "`";
        } else if (member instanceof TypeDeclaration<?> type) {
            return word(type) + " `" + name + "`";
        } else if (member.isMethodDeclaration()) {
            return "method `" + name + "`";
        }
        return member.isInitializerDeclaration() ? "initializer" : "constructor";
    }

    /** The line on which the declaration in a part has its name. */
    Optional<Integer> nameLine(Part part) {
        return unit.flatMap(all -> all.findFirst(
                        CallableDeclaration.class,
                        callable -> line(callable) >= part.from() && end(callable) <= part.to())
                .map(callable -> line(callable.getName())));
    }

    /**
     * The block of a method or constructor.
     *
     * @param open the line that it begins in, which is the last of its signature
     * @param close the line that it ends in, which holds nothing else
     */
    record Body(int open, int close) {}

    /** Of the declaration in a part, if it has one with lines of its own. */
    Optional<Body> body(Part part) {
        return unit.flatMap(all -> all.findFirst(
                        CallableDeclaration.class,
                        callable -> line(callable) >= part.from() && end(callable) <= part.to())
                .flatMap(callable -> callable.getChildNodes().stream()
                        .filter(BlockStmt.class::isInstance)
                        .map(BlockStmt.class::cast)
                        .findFirst())
                .map(block -> new Body(line(block), end(block)))
                .filter(body -> body.close() > body.open() + 1));
    }

    /** The annotation that a line is in. */
    Optional<String> annotation(int line) {
        return unit.flatMap(all -> all.findFirst(
                        AnnotationExpr.class, annotation -> line(annotation) <= line && line <= end(annotation))
                .map(annotation -> "@" + annotation.getNameAsString()));
    }

    boolean isComment(int line) {
        return comments.get(line);
    }

    /** The first line of the longest statement that ends in a line; if none does, that line. */
    int statement(int line) {
        return unit.stream()
                .flatMap(all -> all.findAll(Statement.class, statement -> end(statement) == line).stream())
                .mapToInt(Source::line)
                .min()
                .orElse(line);
    }

    /** See {@link Checkout#member}. */
    List<String> member(String name) {
        CompilationUnit all =
                unit.orElseThrow(() -> new NotThere(this.name + " is no Java that can be parsed, to find " + name));
        String[] path = name.split("\\.(?![^(]*\\))");
        List<? extends BodyDeclaration<?>> found = all.getTypes();
        List<String> there = List.of();
        for (int i = 0; i < path.length; i++) {
            String wanted = path[i].replaceAll(", *", ", ");
            there = found.stream().map(member -> names(member).get(0)).toList();
            found = found.stream()
                    .filter(member -> names(member).contains(wanted))
                    .toList();
            if (found.size() != 1) {
                List<String> same =
                        found.stream().map(member -> names(member).get(0)).toList();
                throw new NotThere((same.isEmpty() ? "there is no `" : "there are several `") + wanted + "` in "
                        + (i == 0 ? this.name : String.join(".", List.of(path).subList(0, i)))
                        + (same.isEmpty() ? "; there are: " : ": ")
                        + String.join(", ", same.isEmpty() ? there : same));
            }
            if (i + 1 < path.length) {
                found = found.get(0) instanceof TypeDeclaration<?> type ? members(type) : List.of();
            }
        }
        return dedented(IntStream.rangeClosed(start(found.get(0)), end(found.get(0)))
                .mapToObj(line -> shown(lines.get(line - 1)))
                .filter(line -> !line.matches("\\s*// (tag|end)::\\S+\\[]"))
                .toList());
    }

    private static List<String> dedented(List<String> lines) {
        return String.join("\n", lines).stripIndent().lines().toList();
    }

    /** A line without what only a patch needs. */
    static String shown(String line) {
        return line.replace(NO_NEWLINE, "").replace("\r", "");
    }
}
