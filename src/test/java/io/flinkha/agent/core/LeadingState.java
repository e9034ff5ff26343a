package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.Signal;
import java.util.List;

/** A leader's state without the life that leads to it. */
public final class LeadingState {
    private static final long SECOND = 1_000_000_000;

    private LeadingState() {}

    /** Leads in epoch 7 since 100 s; the gate is open until 140 s. */
    public static State of(Manifest manifest) {
        return States.with(States.leading(manifest), LeadingState::inEpochSeven);
    }

    private static void inEpochSeven(State state) {
        state.now = 100 * SECOND;
        state.lease.record = new LeaseRecord("pod/uid", "n", 7, 7, 0, 60, "v1");
        state.lease.epoch = 7;
        state.lease.confirmed = 7;
        state.lease.safeUntil = 140 * SECOND;
        state.manifest.claimed = 7;
        state.gate.lock = new Lock.Held("jm-1");
        state.gate.registration = new Registration("jm-1", "2.3.0", "code");
        state.gate.served = "jm-1";
        state.gate.servedEpoch = 7;
        state.gate.until = 140 * SECOND;
        state.job.seen = new JobView("c1", "v", false, false, false, 2, 6, null, false);
        state.job.signal = new Signal.FailJob();
        state.process.ends = List.of(new ProcessEnd(1, 1, 5, 10), new ProcessEnd(2, 1, 5, 20));
    }
}
