package io.flinkha.agent.core;

import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.Signal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Kubernetes Job, and what it is told. */
public final class JobState extends Slot {
    /** As last read; null if it never was, or is gone. */
    @Nullable JobView seen;

    /** There is none. */
    boolean gone;

    /** That is due. */
    @Nullable Signal signal;

    /** Requests of JobManagers that were asked to end. */
    List<Long> askers = List.of();

    /** Nanos; a JobManager was asked to end, and its pod most likely ends with it. */
    long leavingUntil;

    public @Nullable JobView seen() {
        return seen;
    }

    public @Nullable Signal signal() {
        return signal;
    }

    void add(long asker) {
        List<Long> more = new ArrayList<>(askers);
        more.add(asker);
        askers = List.copyOf(more);
    }

    @Override
    public String toString() {
        return text(
                "seen=" + seen,
                "gone=" + gone,
                "signal=" + signal,
                "askers=" + askers,
                "leavingUntil=" + leavingUntil);
    }
}
