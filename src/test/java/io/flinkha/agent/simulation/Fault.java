package io.flinkha.agent.simulation;

/** What goes wrong in the worlds. */
enum Fault {
    REQUEST_LOST(Sort.AMBIENT, "a request to the API server is lost"),
    REPLY_LOST(Sort.AMBIENT, "a reply of the API server is lost"),
    SLOW(Sort.AMBIENT, "a message takes up to 9 s"),
    LATE_WRITE(Sort.AMBIENT, "an abandoned write is applied late"),
    REQUEST_DUPLICATED(Sort.AMBIENT, "a request arrives twice"),
    REPLY_DUPLICATED(Sort.AMBIENT, "a reply arrives twice"),
    CALL_LOST(Sort.AMBIENT, "a JobManager's call or its answer is lost"),
    CALL_DUPLICATED(Sort.AMBIENT, "a JobManager's call arrives twice"),
    LOCAL_SLOW(Sort.AMBIENT, "a thread waits up to 2 s for a core"),
    ORDER_LOST(Sort.AMBIENT, "an order to kill comes to nothing"),
    ORDER_LATE(Sort.AMBIENT, "an order to kill takes up to 20 s"),
    STORAGE_SLOW(Sort.AMBIENT, "the plan cannot be checked just now"),
    CLOCKS_DRIFT(Sort.AMBIENT, "a clock changes its rate"),

    UNKNOWN_OUTCOME(Sort.DERIVED, "a write is done, but its reply is lost"),
    REORDERED(Sort.DERIVED, "a request overtakes an earlier one"),

    LEASE_DELETED(Sort.STRIKE, "somebody deletes the Lease"),
    LEASE_CLEARED(Sort.STRIKE, "somebody clears the holder, the epoch stays"),
    LEASE_REPLACED(Sort.STRIKE, "somebody replaces the Lease"),
    MANIFEST_DELETED(Sort.STRIKE, "somebody deletes the manifest"),
    MANIFEST_ROLLED_BACK(Sort.STRIKE, "somebody rolls the manifest back"),
    MANIFEST_GARBLED(Sort.STRIKE, "somebody makes the manifest unreadable"),
    MANIFEST_EDITED(Sort.STRIKE, "somebody edits the stored plan out of the manifest"),
    LEADER_CONFIGMAP_DELETED(Sort.STRIKE, "somebody deletes the leader ConfigMap"),
    STEP_DOWN_ASKED(Sort.STRIKE, "somebody asks the leader to step down"),
    PAUSED(Sort.STRIKE, "somebody pauses the automation for a while"),
    PLAN_DAMAGED(Sort.STRIKE, "the stored plan is damaged"),
    NEW_REVISION(Sort.STRIKE, "somebody deploys a new revision"),
    AGENT_KILLED(Sort.STRIKE, "the agent is killed"),
    AGENT_STOPPED(Sort.STRIKE, "the agent is asked to stop"),
    AGENT_FAILED(Sort.STRIKE, "a port of the agent fails in a way that has no name"),
    AGENT_FROZEN(Sort.STRIKE, "the agent gets SIGSTOP"),
    JOB_MANAGER_KILLED(Sort.STRIKE, "the JobManager is killed"),
    JOB_MANAGER_FROZEN(Sort.STRIKE, "the JobManager gets SIGSTOP"),
    JOB_MANAGER_HANGS(Sort.STRIKE, "the JobManager hangs for good"),
    MAIN_THREADS_HANG(Sort.STRIKE, "the JobManager's main threads do not answer for a while"),
    NO_PROGRESS(Sort.STRIKE, "no checkpoint of the job completes for a while"),
    JOB_MANAGER_EXITS(Sort.STRIKE, "main() calls System.exit(0)"),
    SUPERVISOR_KILLED(Sort.STRIKE, "the JobManager's container is killed as a whole"),
    BOTH_KILLED(Sort.STRIKE, "agent and JobManager are killed"),
    VM_PAUSED(Sort.STRIKE, "the pod's VM is paused, its clock stands still"),
    POD_REPLACED(Sort.STRIKE, "the pod is cut off and replaced while it lives"),
    POD_FAILED(Sort.STRIKE, "the pod ends as its kubelet says, and is replaced"),
    JOB_FAILED(Sort.STRIKE, "the job fails for good"),
    JOB_FINISHED(Sort.STRIKE, "the job finishes"),
    JOB_CANCELED(Sort.STRIKE, "the job is cancelled"),
    API_OUTAGE(Sort.STRIKE, "the API server is away"),
    API_THROTTLED(Sort.STRIKE, "the API server answers 429"),
    API_FORBIDDEN(Sort.STRIKE, "the API server answers 403"),
    STORAGE_OUTAGE(Sort.STRIKE, "the storage is away"),

    LATE_PUT(Sort.TARGETED, "an abandoned put lands late in the storage"),
    API_AWAY(Sort.TARGETED, "the API server is away for long"),
    API_READ_ONLY(Sort.TARGETED, "the API server reads, and writes nothing, for long"),
    API_CUT(Sort.TARGETED, "a pod does not reach the API server"),
    STORE_CUT(Sort.TARGETED, "a pod does not reach the storage"),
    MARKS_DELETED(Sort.TARGETED, "a rule of the bucket deletes the marks"),
    STANDBY_GONE(Sort.TARGETED, "the pod that waits is lost, and its name stays on the Lease"),
    MANIFEST_SET_BACK(Sort.TARGETED, "somebody puts back a manifest of the same epoch"),
    FAILSAFE_SWITCHED(Sort.TARGETED, "failsafe is switched off or on for the pods to come"),
    POD_DELETED(Sort.TARGETED, "the pod is deleted, takes its time, and is replaced meanwhile");

    enum Sort {
        /** May happen to each message of a world. */
        AMBIENT,
        /** Follows from the ambient ones. */
        DERIVED,
        /** Planned for a moment. */
        STRIKE,
        /** Only in worlds that are made for it. */
        TARGETED
    }

    final Sort sort;
    final String what;

    Fault(Sort sort, String what) {
        this.sort = sort;
        this.what = what;
    }
}
