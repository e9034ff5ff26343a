package io.flinkha.lab.cluster;

import io.flinkha.lab.base.Console;
import java.util.OptionalLong;

/**
 * The container that a JobManager runs in. Under a supervisor it stays, and the process in it is
 * another one; only somebody beside the nodes sees that.
 */
public final class JobManagerContainer {
    private static final String NAME = "jobmanager";
    private static final String RUN_DIRECTORY = "/opt/flink-ha/run";

    private final TestCluster cluster;
    private final ClusterPods pods;
    private final boolean supervised;

    JobManagerContainer(TestCluster cluster, ClusterPods pods, boolean supervised) {
        this.cluster = cluster;
        this.pods = pods;
        this.supervised = supervised && cluster.hasFaults();
    }

    /** Empty while it does not run. */
    public String id() {
        return pods.runningId(NAME);
    }

    /** Its id, and behind {@code #} the process's; empty while none runs. */
    String process() {
        String container = id();
        if (container.isEmpty() || !supervised) {
            return container;
        }
        OptionalLong java = cluster.faults().java(container);
        return java.isPresent() ? container + "#" + java.getAsLong() : "";
    }

    int restarts() {
        String container = id();
        return supervised && !container.isEmpty()
                ? Math.max(0, cluster.faults().start(container, RUN_DIRECTORY) - 1)
                : pods.restarts(NAME);
    }

    /** SIGKILL to the process; past its supervisor, if it has one. */
    long kill() {
        if (supervised) {
            return signal("KILL");
        }
        Console.event("--- the JobManager is killed");
        return cluster.faults().kill(id());
    }

    /** To the process itself, past its supervisor. */
    public long signal(String signal) {
        String process = process();
        Console.event("--- the JobManager gets SIG" + signal);
        return cluster.faults()
                .signal(Long.parseLong(process.substring(process.indexOf('#') + 1)), signal);
    }

    /** With all that runs in it, as when it runs out of memory. */
    public long killWhole() {
        Console.event("--- the JobManager's container is killed");
        return cluster.faults().kill(id());
    }
}
