package io.flinkha.agent.core;

import io.flinkha.agent.core.restart.KillCause;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.Standing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JobManager's process beside its gate: what its supervisor wrote down, and whether it does
 * anything. The calls are reads of that record.
 */
public final class ProcessState extends Slot {
    /** As last read, oldest first; null before. */
    @Nullable List<ProcessEnd> ends;

    /** Numbers of those that came, or may have come, while a person had paused automation. */
    List<Long> excused = List.of();

    /** Holder of the lock, empty for none, when {@code ends} were asked for last. */
    String askedBeside = "";

    /** The same of those that were read: while it lives, nothing is added to them. */
    String readBeside = "";

    /** Holder of the lock whose silence is counted. */
    String watched = "";

    /** Nanos without a call of it, as far as this agent was awake. */
    long silence;

    /** Nanos without a completed checkpoint after which there is no progress; 0 for no limit. */
    long progressBound;

    /** Nanos without one, as far as this agent was awake. */
    long unproductive;

    /** A process that has to end. */
    @Nullable String condemned;

    /** What for; of the last one that was condemned. */
    @Nullable KillCause cause;

    /** In words, for people. */
    String detail = "";

    /** What the process that served the epoch before was killed for; null if it was not. */
    @Nullable KillCause killedBefore;

    /** Numbers of the starts that were ordered to be killed, the last one at the end. */
    List<Long> ordered = List.of();

    /** Nanos of the next order. */
    long orderAt;

    /** What the supervisor was told last; null before. */
    @Nullable Standing told;

    /** What that process was killed for; null if it was not. */
    @Nullable KillCause killed(@Nullable String jm) {
        return jm != null && jm.equals(condemned) ? cause : null;
    }

    public List<ProcessEnd> ends() {
        return ends == null ? List.of() : ends;
    }

    /** No checkpoint completed for longer than the job's own settings explain. */
    public boolean isStalled() {
        return progressBound > 0 && unproductive >= progressBound;
    }

    @Override
    public String toString() {
        return text(
                "ends=" + ends,
                "excused=" + excused,
                "askedBeside=" + askedBeside,
                "readBeside=" + readBeside,
                "watched=" + watched,
                "silence=" + silence,
                "progressBound=" + progressBound,
                "unproductive=" + unproductive,
                "condemned=" + condemned,
                "cause=" + cause,
                "detail=" + detail,
                "killedBefore=" + killedBefore,
                "ordered=" + ordered,
                "orderAt=" + orderAt,
                "told=" + told);
    }
}
