package io.flinkha.lab.e2e.cluster;

/** Whose high availability an application runs on. */
public enum Side {
    /** Flink's own, {@code high-availability.type: kubernetes}. */
    STOCK("stock", "lab/stock"),
    /** The agent beside the JobManager. */
    OURS("ours", "lab/application");

    private final String title;
    private final String manifests;

    Side(String title, String manifests) {
        this.title = title;
        this.manifests = manifests;
    }

    /** As rows and namespaces name it. */
    public String title() {
        return title;
    }

    String manifests() {
        return manifests;
    }
}
