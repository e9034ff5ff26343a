package io.flinkha.flink.agent;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether this process may act as leader, and for how long. */
public final class GateAnswer {
    private final String reason;
    private final long epoch;
    private final long remainingMillis;
    private final @Nullable Grant grant;
    private final boolean publishWanted;
    private final @Nullable PlanReference ahead;

    private GateAnswer(
            String reason,
            long epoch,
            long remainingMillis,
            @Nullable Grant grant,
            boolean publishWanted,
            @Nullable PlanReference ahead) {
        this.reason = reason;
        this.epoch = epoch;
        this.remainingMillis = remainingMillis;
        this.grant = grant;
        this.publishWanted = publishWanted;
        this.ahead = ahead;
    }

    static GateAnswer waiting(String reason, @Nullable PlanReference ahead) {
        return new GateAnswer(reason, 0, 0, null, false, ahead);
    }

    static GateAnswer open(
            long epoch, long remainingMillis, @Nullable Grant grant, boolean publishWanted) {
        return new GateAnswer("", epoch, remainingMillis, grant, publishWanted, null);
    }

    public boolean isOpen() {
        return epoch != 0;
    }

    /** Why this process waits. */
    public String reason() {
        return reason;
    }

    /** With the answer to wait: the plan that whoever is granted next most likely resumes. */
    public Optional<PlanReference> ahead() {
        return Optional.ofNullable(ahead);
    }

    /** Whose gate is open. */
    public long epoch() {
        return epoch;
    }

    /** Counted from before the call was sent. */
    public long remainingMillis() {
        return remainingMillis;
    }

    /** With the answer that opens the gate first. */
    public Optional<Grant> grant() {
        return Optional.ofNullable(grant);
    }

    /** Whether the agent, which was restarted, does not know the leader addresses. */
    public boolean isPublishWanted() {
        return publishWanted;
    }
}
