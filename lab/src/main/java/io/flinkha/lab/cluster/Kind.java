package io.flinkha.lab.cluster;

/** Whose high availability a cluster runs on. */
public enum Kind {
    /** Flink's own, {@code high-availability.type: kubernetes}. */
    STOCK,
    /** The agent beside the JobManager. */
    AGENT
}
