package io.flinkha.lab.experiment.storage;

import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.ObjectStorage;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.ProcessMemory;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An agent that leads and has used its storage; no Flink runs. What it stored goes with it. */
public record LeadingAgent(LocalApplication application, StandInJobManager jobManager, Path storage)
        implements AutoCloseable {

    /**
     * Starts one, and waits until it leads and has tried its storage.
     *
     * @param javaOptions beside those of every agent
     * @param store null for a directory
     */
    public static LeadingAgent start(
            Workbench bench, String clusterId, String javaOptions, @Nullable ObjectStorage store) {
        return start(
                bench,
                bench.counting(Side.AGENT, clusterId).withAgent("JDK_JAVA_OPTIONS", javaOptions),
                store);
    }

    static LeadingAgent start(
            Workbench bench, ApplicationSpec spec, @Nullable ObjectStorage store) {
        LocalApplication application =
                bench.prepare(spec.clusterId(), store == null ? spec : store.holds(spec));
        application.startAgent();
        StandInJobManager jobManager = StandInJobManager.lead(application.pod());
        LeadingAgent agent =
                new LeadingAgent(
                        application,
                        jobManager,
                        store == null ? application.directory().storage() : store.bucket());
        Await.until(
                "the agent's test of its storage",
                Duration.ofMinutes(1),
                () ->
                        Directories.text(agent.log())
                                .contains("put if absent, get, list and delete work"));
        return agent;
    }

    public Path log() {
        return application.directory().logs().resolve(application.pod().agent().name() + "-1.out");
    }

    public long pid() {
        return application.pod().agent().current().pid();
    }

    public ProcessMemory memory() {
        return ProcessMemory.of(pid());
    }

    @Override
    public void close() {
        jobManager.close();
        application.close();
        var unused = Directories.emptied(storage);
    }
}
