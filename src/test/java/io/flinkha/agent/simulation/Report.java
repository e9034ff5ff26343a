package io.flinkha.agent.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rows for a reader and, as an array of objects, for a program. */
public final class Report {
    private Report() {}

    /** A claim, whether it held, and its figures; their names end in the unit. */
    public record Row(String name, boolean held, Map<String, Object> figures) {
        public Row(String name, boolean held) {
            this(name, held, Map.of());
        }

        public Row with(String figure, Object value) {
            Map<String, Object> more = new LinkedHashMap<>(figures);
            more.put(figure, value);
            return new Row(name, held, more);
        }

        public String line() {
            return "%-4s %-60s %s"
                    .formatted(
                            held ? "ok" : "FAIL",
                            name,
                            figures.entrySet().stream()
                                    .map(figure -> figure.getKey() + "=" + figure.getValue())
                                    .collect(Collectors.joining("  ")));
        }

        private String json() {
            StringBuilder json = new StringBuilder("{\"name\": " + quoted(name));
            json.append(", \"held\": ").append(held);
            figures.forEach((figure, value) ->
                    json.append(", ")
                            .append(quoted(figure))
                            .append(": ")
                            .append(
                                    value instanceof Number
                                            ? value.toString()
                                            : quoted(value.toString())));
            return json.append("}").toString();
        }
    }

    public static void write(Path file, List<Row> rows) throws IOException {
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(
                file, rows.stream().map(Row::json).collect(Collectors.joining(",\n ", "[", "]\n")));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
