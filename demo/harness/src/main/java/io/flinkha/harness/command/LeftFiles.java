package io.flinkha.harness.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.harness.Console;
import io.flinkha.harness.cluster.Cluster;
import io.flinkha.harness.cluster.FlinkJava;
import io.flinkha.harness.measure.FileCensus;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files in a cluster's checkpoint directory. Named are those that a checkpoint in the manifest
 * refers to, as Flink itself reads its {@code _metadata}; nobody will ever ask for the others.
 */
record LeftFiles(Set<String> left, Set<String> named, Set<String> unnamed, Set<String> missing) {

    static LeftFiles of(Cluster cluster) {
        Set<String> left = FileCensus.below(cluster.lab().checkpoints());
        Set<String> named = new TreeSet<>();
        for (JsonNode checkpoint : Stage.manifest(cluster).path("checkpoints")) {
            Path directory = Path.of(URI.create(checkpoint.path("path").asText()).getPath());
            named.addAll(
                    FlinkJava.run(
                            cluster.bench().project(),
                            "io.flinkha.demo.tool.CheckpointFiles",
                            directory.toString()));
        }
        Set<String> unnamed = new TreeSet<>(left);
        unnamed.removeAll(named);
        Set<String> missing = new TreeSet<>(named);
        missing.removeAll(left);
        return new LeftFiles(left, named, unnamed, missing);
    }

    void tell() {
        unnamed.forEach(file -> Console.event("unnamed: " + file));
        missing.forEach(file -> Console.event("missing: " + file));
    }
}
