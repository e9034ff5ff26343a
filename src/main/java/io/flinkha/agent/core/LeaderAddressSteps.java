package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.AddressesEvent;
import io.flinkha.agent.core.Event.PublishFailed;
import io.flinkha.agent.core.Event.PublishFenced;
import io.flinkha.agent.core.Event.Published;
import io.flinkha.agent.core.Verdict.Cause;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Run;
import java.util.Map;

/** The leader ConfigMap, where stock TaskManagers look. */
final class LeaderAddressSteps {
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
