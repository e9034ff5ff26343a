package io.flinkha.lab.api;

/** The writes of an agent to the API server, as docs/PROTOCOL.md names what lies there. */
public enum AgentWrite {
    EMPTY_LEASE("empty Lease"),
    EMPTY_MANIFEST("empty manifest"),
    LEASE_ACQUIRE("Lease acquire"),
    MANIFEST_CLAIM("manifest claim"),
    LEASE_CONFIRM("Lease confirm"),
    START("start commit"),
    PLAN("plan commit"),
    IDS("ids commit"),
    CHECKPOINT("checkpoint commit"),
    RESULT("result commit"),
    PLAN_DROP("plan-drop commit"),
    LEADER_ADDRESSES("leader addresses"),
    RELEASE("release"),
    /** A patch of the Kubernetes Job that runs the pod. */
    JOB_SIGNAL("Job signal");

    private final String title;

    AgentWrite(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
