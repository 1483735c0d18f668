package book;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What {@code bench/measure} recorded in a file of docs/measured.
 *
 * @param machine where and when: {@code kernel}, {@code jdk}, {@code date} …
 * @param columns the titles of the numbers, with their units
 */
record Measured(Map<String, String> machine, Map<String, String> columns, List<Row> rows) {
    /** @param numbers by their columns; without those that there are not */
    record Row(String name, String label, Map<String, Double> numbers) {
        String number(String column) {
            Double number = numbers.get(column);
            return number == null ? "–" : text(number);
        }
    }

    private static Path directory(Path checkout) {
        return checkout.resolve("docs/measured");
    }

    /** @throws IOException if nothing of that name was measured */
    static Measured read(Path checkout, String name) throws IOException {
        Path file = directory(checkout).resolve(name + ".json");
        if (!Files.exists(file)) {
            throw new IOException("docs/measured/" + name + ".json: no such file; sudo bench/measure makes them");
        }
        JsonNode json = new ObjectMapper().readTree(Files.readString(file));
        Map<String, String> columns = texts(json.required("columns"));
        return new Measured(
                texts(json.required("machine")),
                columns,
                StreamSupport.stream(json.required("rows").spliterator(), false)
                        .map(row -> row(row, columns))
                        .toList());
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    private static Row row(JsonNode row, Map<String, String> columns) {
        Map<String, Double> numbers = new HashMap<>();
        for (String column : columns.keySet()) {
            if (row.required(column).isNumber()) {
                numbers.put(column, row.get(column).asDouble());
            }
        }
        return new Row(row.required("name").asText(), row.required("label").asText(), numbers);
    }

    /** Two digits, or the whole number: a machine's next run differs in the third. */
    static String text(double number) {
        double size = Math.abs(number);
        return String.format(Locale.ROOT, size >= 10 ? "%.0f" : size >= 1 || size < 0.005 ? "%.1f" : "%.2f", number)
                .replaceFirst("^-?0\\.0$", "0");
    }

    /** One line: on what, and when. */
    String where() {
        return String.format(
                Locale.ROOT,
                "%s × %s, %s; Linux %s, cgroups %s; JDK %s; %s rounds, %s",
                Stream.of("processors", "cpu", "memory", "kernel", "cgroups", "jdk", "rounds", "date")
                        .map(machine::get)
                        .toArray());
    }

    /** For the prose: {start-step6-median}, {start-kernel}; of each file. */
    static Map<String, String> attributes(Path checkout) throws IOException {
        Map<String, String> attributes = new HashMap<>();
        if (!Files.exists(directory(checkout))) {
            return attributes;
        }
        try (Stream<Path> files = Files.list(directory(checkout))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString().replaceFirst("\\.json$", "");
                Measured measured = read(checkout, name);
                measured.machine.forEach((key, value) -> attributes.put(name + "-" + key, value));
                for (Row row : measured.rows) {
                    row.numbers.forEach(
                            (column, number) -> attributes.put(name + "-" + row.name + "-" + column, text(number)));
                }
            }
        }
        return attributes;
    }
}
