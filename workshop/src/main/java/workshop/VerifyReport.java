package workshop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@link Verify} found, for a program (JSON) or for people (HTML). */
final class VerifyReport {
    private VerifyReport() {}

    static void write(Path file, String conclusion, Map<String, String> machine, List<Verify.Trial> trials)
            throws IOException {
        Files.writeString(
                file,
                file.toString().endsWith(".json")
                        ? json(conclusion, machine, trials)
                        : html(conclusion, machine, trials));
    }

    private static String json(String conclusion, Map<String, String> machine, List<Verify.Trial> trials)
            throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("conclusion", conclusion);
        report.put("ready", trials.stream().allMatch(Verify.Trial::passed));
        report.put("machine", machine);
        report.put("trials", trials);
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report) + "\n";
    }

    private static String html(String conclusion, Map<String, String> machine, List<Verify.Trial> trials) {
        StringBuilder page = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>Containers from Scratch: verified</title>
                <style>
                :root { color-scheme: light dark }
                body { font: 1rem/1.4 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
                table { border-collapse: collapse; margin: 1rem 0 }
                th, td { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top; border-bottom: 1px solid #8886 }
                td { white-space: pre-wrap; overflow-wrap: anywhere }
                .failed td { font-weight: bold }
                </style>
                """);
        page.append("<h1>").append(escape(conclusion)).append("</h1>\n<table>\n");
        machine.forEach((what, which) -> page.append("<tr><th scope=row>")
                .append(escape(what))
                .append("<td>")
                .append(escape(which))
                .append("\n"));
        page.append("</table>\n<table>\n<tr><th>Of<th>What<th>Name<th>Outcome<th>Seconds<th>Seen\n");
        for (Verify.Trial trial : trials) {
            page.append(trial.passed() ? "<tr>" : "<tr class=failed>");
            for (Object cell : List.of(
                    trial.row(),
                    trial.column(),
                    trial.name(),
                    trial.passed() ? "ok" : "NOT OK",
                    String.format(Locale.ROOT, "%.1f", trial.seconds()),
                    trial.detail())) {
                page.append("<td>").append(escape(cell.toString()));
            }
            page.append("\n");
        }
        return page.append("</table>\n").toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
