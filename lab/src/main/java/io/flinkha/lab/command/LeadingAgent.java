package io.flinkha.lab.command;

import io.flinkha.lab.Await;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.cluster.Lab;
import io.flinkha.lab.cluster.ObjectStorage;
import io.flinkha.lab.measure.ProcessMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An agent that leads and has used its storage; no Flink runs. What it stored goes with it. */
record LeadingAgent(Cluster cluster, StandInJobManager jobManager, Path storage)
        implements AutoCloseable {

    /**
     * @param javaOptions beside those of every agent
     * @param store null for a directory
     */
    static LeadingAgent start(
            Bench bench, String clusterId, String javaOptions, @Nullable ObjectStorage store) {
        ClusterSpec spec =
                Stage.counting(bench, Kind.AGENT, clusterId)
                        .withAgent("JDK_JAVA_OPTIONS", javaOptions);
        Cluster cluster = bench.prepare(clusterId, store == null ? spec : store.holds(spec));
        cluster.startAgent();
        StandInJobManager jobManager = StandInJobManager.lead(cluster.pod());
        LeadingAgent agent =
                new LeadingAgent(
                        cluster,
                        jobManager,
                        store == null ? cluster.lab().storage() : store.bucket());
        Await.until(
                "the agent's test of its storage",
                Duration.ofMinutes(1),
                () -> text(agent.log()).contains("put if absent, get, list and delete work"));
        return agent;
    }

    Path log() {
        return cluster.lab().logs().resolve(cluster.pod().agent().name() + "-1.out");
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return cluster.pod().agent().current().pid();
    }

    ProcessMemory memory() {
        return ProcessMemory.of(pid());
    }

    @Override
    public void close() {
        jobManager.close();
        cluster.close();
        var unused = Lab.emptied(storage);
    }
}
