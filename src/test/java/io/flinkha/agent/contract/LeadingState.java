package io.flinkha.agent.contract;

import io.flinkha.agent.core.Phase;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.Signal;
import java.util.List;

/** A leader's state without the life that leads to it. */
public final class LeadingState {
    private static final long SECOND = 1_000_000_000;

    private LeadingState() {}

    /** Leads in epoch 7 since 100 s; the gate is open until 140 s. */
    public static State of(Manifest manifest) {
        State none = State.initial();
        State.ManifestState known = none.manifest();
        State.GateState gate = none.gate();
        return new State(
                Phase.LEADING,
                100 * SECOND,
                1,
                null,
                null,
                0,
                new State.LeaseState(
                        new LeaseRecord("pod/uid", "n", 7, 7, 0, 60, "v1"),
                        0,
                        null,
                        0,
                        false,
                        7,
                        7,
                        140 * SECOND),
                new State.ManifestState(
                        manifest,
                        "v",
                        manifest,
                        null,
                        null,
                        0,
                        false,
                        7,
                        0,
                        false,
                        null,
                        0,
                        0,
                        0,
                        known.waiters()),
                new State.GateState(
                        new Lock.Held("jm-1"),
                        false,
                        false,
                        new Registration("jm-1", "2.3.0", "code"),
                        "jm-1",
                        7,
                        140 * SECOND,
                        null,
                        null,
                        null,
                        0,
                        false,
                        null,
                        gate.start(),
                        0),
                none.leaderAddresses(),
                new State.JobState(
                        new JobView("c1", "v", false, false, false, 2, 6, null, false),
                        false,
                        false,
                        null,
                        0,
                        new Signal.FailJob(),
                        List.of(),
                        0),
                new State.PodsState(null, 0, 0, List.of(1L, 2L), null));
    }
}
