package io.flinkha.lab.experiment.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.local.FlinkJava;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.measure.FileCensus;
import io.flinkha.lab.report.Row;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files in a cluster's checkpoint directory, of all its runs. Named are those that a state in
 * the manifest refers to, as Flink itself reads its {@code _metadata}: the run's own checkpoints,
 * and what is kept of earlier runs. Nobody will ever ask for the others.
 */
public record LeftFiles(
        Set<String> left, Set<String> named, Set<String> unnamed, Set<String> missing) {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    public static LeftFiles of(LocalApplication application) {
        Set<String> left = FileCensus.below(application.directory().checkpoints());
        Set<String> named = new TreeSet<>();
        for (String state : states(application.manifest())) {
            Path directory = Path.of(URI.create(state).getPath());
            named.addAll(
                    FlinkJava.run(
                            application.bench().project(),
                            "io.flinkha.demo.tool.CheckpointFiles",
                            directory.toString()));
        }
        Set<String> unnamed = new TreeSet<>(left);
        unnamed.removeAll(named);
        Set<String> missing = new TreeSet<>(named);
        missing.removeIf(file -> Files.exists(Path.of(file)));
        return new LeftFiles(left, named, unnamed, missing);
    }

    private static Set<String> states(JsonNode manifest) {
        Set<String> states = new TreeSet<>();
        manifest.path("checkpoints").forEach(one -> states.add(one.path("path").asText()));
        for (JsonNode run : manifest.path("retired")) {
            if (!run.path("givenUp").asBoolean()) {
                states.add(run.path("path").asText());
            }
        }
        states.remove("");
        return states;
    }

    /** Waits until the earlier runs are swept. */
    public static void awaitSwept(LocalApplication application) {
        Await.until(
                "the sweep of earlier runs",
                LIMIT,
                () -> {
                    JsonNode retired = application.manifest().path("retired");
                    boolean all = true;
                    for (JsonNode run : retired) {
                        all &= run.path("swept").asBoolean();
                    }
                    return all;
                });
    }

    public Row addTo(Row row) {
        unnamed.forEach(file -> Console.event("unnamed: " + file));
        missing.forEach(file -> Console.event("missing: " + file));
        return row.figure("filesLeft", left.size())
                .figure("filesNamed", named.size())
                .figure("filesUnnamed", unnamed.size())
                .figure("filesMissing", missing.size())
                .claim("a state is named", !named.isEmpty())
                .claim("no file is left that no state names", unnamed.isEmpty())
                .claim("no named file is missing", missing.isEmpty());
    }
}
