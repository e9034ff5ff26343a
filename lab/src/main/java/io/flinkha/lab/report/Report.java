package io.flinkha.lab.report;

import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The rows of one command. */
public final class Report {
    /** With more rows than that, or longer names, each row has a line of its own. */
    private static final int MOST_COLUMNS = 8;

    private static final int COLUMN_WIDTH = 24;

    private final Path file;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> notRun = new ArrayList<>();

    public Report(Path directory, String name) {
        this.file = directory.resolve(name + ".json");
    }

    public Row row(String rowName) {
        Row row = new Row(rowName);
        rows.add(row);
        return row;
    }

    public boolean held() {
        return !rows.isEmpty() && rows.stream().allMatch(Row::held);
    }

    /** What could not be tried here, and why: that is no row. */
    public void notRun(String what, String reason) {
        notRun.add(what + ": not run: " + reason);
    }

    /** It takes minutes: what was found so far shall outlive an end from outside. */
    public Path keep() {
        String json = Json.write(rows.stream().map(Row::json).toList());
        return Directories.write(file, json + "\n");
    }

    /** Writes and prints it. Answers whether all claims hold. */
    public boolean close() {
        var unused = keep();
        System.out.println(table());
        notRun.forEach(System.out::println);
        System.out.println(file + (held() ? ": all claims hold" : ": NOT all claims hold"));
        return held();
    }

    /** Rows with the same figures stand in one table, the figures as columns. */
    public String table() {
        StringBuilder text = new StringBuilder();
        var groups =
                rows.stream()
                        .collect(
                                Collectors.groupingBy(
                                        row -> shape(row), TreeMap::new, Collectors.toList()));
        rows.stream()
                .map(Report::shape)
                .distinct()
                .forEach(shape -> appendTable(text, groups.getOrDefault(shape, List.of())));
        rows.stream()
                .filter(row -> !row.sentence().isEmpty())
                .forEach(row ->
                        text.append('\n')
                                .append(row.name())
                                .append(":\n    ")
                                .append(row.sentence())
                                .append('\n'));
        return text.toString();
    }

    private static String shape(Row row) {
        Set<String> keys = row.figures().keySet();
        return keys.stream()
                .filter(key -> !key.equals(Row.FAILED_CLAIM))
                .collect(Collectors.joining(" "));
    }

    private static void appendTable(StringBuilder text, List<Row> rows) {
        boolean longNames = rows.stream().anyMatch(row -> row.name().length() > COLUMN_WIDTH);
        if (rows.size() > MOST_COLUMNS || longNames) {
            LongTable.append(text, rows);
            return;
        }
        int width =
                rows.stream()
                        .flatMap(row -> row.figures().keySet().stream())
                        .mapToInt(String::length)
                        .max()
                        .orElse(0);
        text.append(String.format(Locale.ROOT, "%n%-" + (width + 2) + "s", ""));
        rows.forEach(row -> text.append(String.format(Locale.ROOT, "%24s", row.name())));
        rows.stream()
                .flatMap(row -> row.figures().keySet().stream())
                .distinct()
                .forEach(key -> appendLine(text, key, rows, width));
        appendVerdicts(text, rows, width);
    }

    private static void appendLine(StringBuilder text, String key, List<Row> rows, int width) {
        text.append(String.format(Locale.ROOT, "%n%-" + (width + 2) + "s", key));
        for (Row row : rows) {
            Object value = row.figures().get(key);
            text.append(
                    String.format(
                            Locale.ROOT, "%24s", value == null ? "-" : String.valueOf(value)));
        }
    }

    private static void appendVerdicts(StringBuilder text, List<Row> rows, int width) {
        text.append(String.format(Locale.ROOT, "%n%-" + (width + 2) + "s", "held"));
        rows.forEach(
                row -> text.append(String.format(Locale.ROOT, "%24s", row.held() ? "yes" : "NO")));
        text.append('\n');
    }
}
