package io.flinkha.lab.application;

/** Whose high availability an application runs on. */
public enum Side {
    /** Flink's own, {@code high-availability.type: kubernetes}. */
    STOCK("stock"),
    /** The agent beside the JobManager. */
    AGENT("ours");

    private final String title;

    Side(String title) {
        this.title = title;
    }

    /** As rows and namespaces of a cluster name it. */
    public String title() {
        return title;
    }
}
