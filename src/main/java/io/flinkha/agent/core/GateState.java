package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.restart.Start;
import org.jspecify.annotations.Nullable;

/** The JobManager: whether it lives, which process is served, and until when. */
public final class GateState extends Part {
    /** As last probed. */
    Lock lock = new Lock.Unseen();

    /**
     * A look is in flight: a second one could overtake it, and its answer would be older than what
     * is known.
     */
    boolean probing;

    /** What the look in flight finds may be older than a registration. */
    boolean probeAgain;

    /** The last process that registered. */
    @Nullable Registration registration;

    /** The process that serves {@code servedEpoch}. */
    @Nullable String served;

    long servedEpoch;

    /** Nanos; no JobManager was told a later deadline. */
    long until;

    /** Of this epoch, null until it is decided. */
    @Nullable Start start;

    /** The edit of the manifest that must be committed before the start is handed out. */
    long startEdit;

    public @Nullable Registration registration() {
        return registration;
    }

    public @Nullable String served() {
        return served;
    }

    public long servedEpoch() {
        return servedEpoch;
    }

    public long until() {
        return until;
    }

    public @Nullable Start start() {
        return start;
    }

    @Override
    public String toString() {
        return text(
                "lock=" + lock,
                "probing=" + probing,
                "probeAgain=" + probeAgain,
                "registration=" + registration,
                "served=" + served,
                "servedEpoch=" + servedEpoch,
                "until=" + until,
                "start=" + start,
                "startEdit=" + startEdit);
    }
}
