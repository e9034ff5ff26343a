package io.flinkha.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a scrape says of the process, its runtime and its machine. */
record ProcessMetrics(List<String> samples) {
    private static final Pattern NAME = Pattern.compile("`(\\w+)(\\*?)(?:\\{(.*?)})?`");

    static ProcessMetrics of(String scrape) {
        return new ProcessMetrics(
                scrape.lines().filter(line -> line.matches("(jvm|process|system)_.*")).toList());
    }

    boolean has(Pattern name) {
        return samples.stream().anyMatch(sample -> name.matcher(sample).lookingAt());
    }

    /** Measured, and nothing came of it. On a JVM a part of the memory without a limit has -1. */
    List<String> unknown() {
        return samples.stream()
                .filter(sample -> sample.matches(".* (NaN|-1(\\.0)?)"))
                .filter(sample ->
                        AgentProcess.isNative() || !sample.startsWith("jvm_memory_max_bytes"))
                .toList();
    }

    /** What docs/METRICS.md lists as missing in a native image: a star is any name's rest. */
    static List<Pattern> missingNatively() {
        try {
            String entry =
                    Files.readString(Path.of("docs/METRICS.md"))
                            .replaceAll(
                                    "(?s).*\\* Of the native agent: (.*?)\\. A native image .*",
                                    "$1");
            List<Pattern> names =
                    NAME.matcher(entry).results().map(ProcessMetrics::pattern).toList();
            assertEquals(6, names.size(), entry);
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Pattern pattern(MatchResult name) {
        String label = name.group(3) == null ? "" : ".*" + Pattern.quote(name.group(3));
        return Pattern.compile(name.group(1) + (name.group(2).isEmpty() ? "\\b" : "\\w+") + label);
    }
}
