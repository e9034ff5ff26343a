package io.flinkha.agent.adapter.kubernetes;

/** What the objects of a cluster-id are called; deploy/ grants the agent these by their names. */
public final class ObjectNames {
    private ObjectNames() {}

    public static String lease(String clusterId) {
        return clusterId;
    }

    public static String manifest(String clusterId) {
        return clusterId + "-flink-ha";
    }

    /** As stock Flink calls it: TaskManagers look there. */
    public static String leader(String clusterId) {
        return clusterId + "-cluster-config-map";
    }
}
