package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.AddressesEvent;
import io.flinkha.agent.core.Event.AddressesRead;
import io.flinkha.agent.core.Event.PublishFailed;
import io.flinkha.agent.core.Event.PublishFenced;
import io.flinkha.agent.core.Event.Published;
import io.flinkha.agent.core.Verdict.Cause;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Run;
import java.time.Duration;
import java.util.Map;

/** The leader ConfigMap, where stock TaskManagers look. */
final class LeaderAddressSteps {
    /** A JobManager that has not asked for so long no longer wants to know. */
    private static final Duration WANTED = Duration.ofSeconds(10);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

    /** A leader publishes a moment after it has taken the Lease. */
    private static final Duration LOOK_SOON = Duration.ofSeconds(2);

    private final Settings settings;
    private final Incarnation incarnation;

    LeaderAddressSteps(Settings settings, Incarnation incarnation) {
        this.settings = settings;
        this.incarnation = incarnation;
    }

    void note(Draft draft, AddressesEvent answer) {
        Call call = draft.leaderAddresses.answered(answer.call());
        if (call == null) {
            return;
        }
        switch (answer) {
            case Published published ->
                    draft.leaderAddresses.published = draft.leaderAddresses.sending;
            case AddressesRead read ->
                    draft.leaderAddresses.elsewhere =
                            new Reply.LeaderAddresses(read.addresses(), read.session());
            case PublishFailed failure -> failed(draft, call, failure.outcome());
            case PublishFenced fenced ->
                    draft.stepDown(
                            Cause.FENCED,
                            "the leader ConfigMap is of epoch %d".formatted(fenced.higherEpoch()));
        }
    }

    void failed(Draft draft, Call call, Outcome outcome) {
        draft.leaderAddresses.nextAt = draft.now + settings.pauseAfter(outcome).toNanos();
    }

    Reply.LeaderAddresses asked(Draft draft) {
        Map<String, String> addresses = draft.leaderAddresses.offered;
        if (draft.state.phase == Phase.LEADING && addresses != null) {
            return new Reply.LeaderAddresses(addresses, incarnation.session(draft.lease.epoch));
        }
        draft.leaderAddresses.wantedAt = draft.now;
        return draft.leaderAddresses.elsewhere;
    }

    /**
     * Where the other pod is reached, while this one's JobManager wants to know: its REST endpoint
     * answers for the one that leads.
     */
    void look(Draft draft) {
        LeaderAddressesState known = draft.leaderAddresses;
        LeaseRecord lease = draft.lease.record;
        if (!settings.standby()
                || known.wantedAt == 0
                || draft.now - known.wantedAt >= WANTED.toNanos()
                || lease == null
                || !known.isDue(draft.now)) {
            return;
        }
        boolean newLeader = lease.epoch() != known.askedIn;
        known.nextAt = draft.now + (newLeader ? LOOK_SOON : LOOK_AGAIN).toNanos();
        known.askedIn = lease.epoch();
        draft.emit(new Action.ReadLeaderAddresses(draft.send(known, Call.Kind.READ)));
    }

    /**
     * Writes what is new at once, and what is known again from time to time: a ConfigMap that
     * somebody deletes comes back. Twice as often would cost a tenth of all requests more.
     */
    void write(Draft draft) {
        Map<String, String> addresses = draft.leaderAddresses.offered;
        if (addresses == null
                || draft.leaderAddresses.call != null
                || draft.now < draft.leaderAddresses.nextAt
                || !draft.state.isClaimed()) {
            return;
        }
        Manifest manifest = draft.manifest.wanted;
        Run run = manifest == null || manifest.result() != null ? null : manifest.run();
        String keep = run == null ? null : "job-" + run.jobId();
        draft.leaderAddresses.nextAt =
                draft.now + settings.leaseDuration().multipliedBy(2).toNanos();
        draft.leaderAddresses.sending = addresses;
        draft.emit(
                new Action.Publish(
                        draft.send(draft.leaderAddresses, Call.Kind.WRITE),
                        draft.lease.epoch,
                        incarnation.session(draft.lease.epoch),
                        addresses,
                        keep));
    }
}
