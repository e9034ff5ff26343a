package io.flinkha.lab.report;

import io.flinkha.lab.base.Console;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One line of a report: what was tried, whether its claim held, and the figures. */
public final class Row {
    static final String FAILED_CLAIM = "failedClaim";

    private final String name;
    private final Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    private String sentence = "";
    private boolean held = true;

    public Row(String name) {
        this.name = name;
    }

    public Row figure(String key, @Nullable Object value) {
        figures.put(key, value);
        return this;
    }

    /** A short time, to a tenth of a millisecond. */
    public Row millis(String key, long nanos) {
        return figure(key, String.format(Locale.ROOT, "%.1f", nanos / 1e6));
    }

    /** What a person saw, word for word: too long for a column. */
    public Row sentence(String text) {
        sentence = text;
        return this;
    }

    /** Absent where it was not measured. */
    public OptionalLong number(String key) {
        return figures.get(key) instanceof Number value
                ? OptionalLong.of(value.longValue())
                : OptionalLong.empty();
    }

    String sentence() {
        return sentence;
    }

    /** A claim of this row; the first one that does not hold is named in the row. */
    public Row claim(String claim, boolean holds) {
        if (!holds && held) {
            held = false;
            figures.put(FAILED_CLAIM, claim);
        }
        return this;
    }

    /** It did not get to its end: it does not hold, whatever it claimed before. */
    public Row brokenOff(RuntimeException reason) {
        Console.event("FAILED: " + reason);
        reason.printStackTrace(System.out);
        return claim("broken off: " + reason, false);
    }

    public boolean held() {
        return held;
    }

    public String name() {
        return name;
    }

    Map<String, @Nullable Object> figures() {
        return figures;
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("name", name);
        all.put("held", held);
        all.putAll(figures);
        if (!sentence.isEmpty()) {
            all.put("sentence", sentence);
        }
        return all;
    }
}
