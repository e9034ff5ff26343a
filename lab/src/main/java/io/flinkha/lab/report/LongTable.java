package io.flinkha.lab.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A table of many rows: a line a row, the figures as columns, what did not hold at the end. */
final class LongTable {
    private LongTable() {}

    static void append(StringBuilder text, List<Row> rows) {
        Set<String> keys = new LinkedHashSet<>();
        rows.forEach(row -> keys.addAll(row.figures().keySet()));
        keys.remove(Row.FAILED_CLAIM);
        List<List<String>> lines = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("point"));
        head.addAll(keys);
        head.add("held");
        lines.add(head);
        rows.forEach(row -> lines.add(line(row, keys)));
        for (List<String> line : lines) {
            text.append('\n');
            for (int i = 0; i < line.size(); i++) {
                text.append(padded(line.get(i), width(lines, i), i == 0)).append("  ");
            }
        }
        text.append('\n');
    }

    private static List<String> line(Row row, Set<String> keys) {
        List<String> line = new ArrayList<>(List.of(row.name()));
        for (String key : keys) {
            Object value = row.figures().get(key);
            line.add(value == null ? "-" : String.valueOf(value));
        }
        line.add(row.held() ? "yes" : "NO: " + row.figures().get(Row.FAILED_CLAIM));
        return line;
    }

    private static int width(List<List<String>> lines, int column) {
        // What did not hold is told at length and is nobody's measure.
        boolean last = column == lines.getFirst().size() - 1;
        return last
                ? 0
                : lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }

    private static String padded(String word, int width, boolean left) {
        String space = " ".repeat(Math.max(0, width - word.length()));
        return left ? word + space : space + word;
    }
}
