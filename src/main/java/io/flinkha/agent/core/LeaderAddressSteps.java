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

    void expireCall(Draft draft) {
        Call call = draft.addressesCall;
        if (call != null && draft.now - call.sentAt() >= settings.callTimeout().toNanos()) {
            failed(draft, Outcome.UNKNOWN);
        }
    }

    void note(Draft draft, AddressesEvent answer) {
        if (draft.addressesCall == null || draft.addressesCall.id() != answer.call()) {
            return;
        }
        switch (answer) {
            case Published published -> {
                draft.addressesCall = null;
                draft.published = draft.sending;
            }
            case PublishFailed failure -> failed(draft, failure.outcome());
            case PublishFenced fenced -> {
                draft.addressesCall = null;
                AgentMachine.stepDown(
                        draft,
                        Cause.FENCED,
                        "the leader ConfigMap is of epoch %d".formatted(fenced.higherEpoch()));
            }
        }
    }

    private void failed(Draft draft, Outcome outcome) {
        draft.addressesCall = null;
        draft.addressesAt = draft.now + settings.pauseAfter(outcome).toNanos();
    }

    /**
     * Writes what is new at once, and what is known again from time to time: a ConfigMap that
     * somebody deletes comes back. Twice as often would cost a tenth of all requests more.
     */
    void write(Draft draft) {
        Map<String, String> addresses = draft.offered;
        if (addresses == null
                || draft.addressesCall != null
                || draft.now < draft.addressesAt
                || draft.claimed != draft.epoch) {
            return;
        }
        Manifest manifest = draft.wanted;
        Run run = manifest == null || manifest.result() != null ? null : manifest.run();
        String keep = run == null ? null : "job-" + run.jobId();
        draft.addressesAt = draft.now + settings.leaseDuration().multipliedBy(2).toNanos();
        draft.sending = addresses;
        draft.addressesCall = draft.call(Call.Kind.WRITE);
        draft.emit(
                new Action.Publish(
                        draft.addressesCall.id(),
                        draft.epoch,
                        incarnation.session(draft.epoch),
                        addresses,
                        keep));
    }
}
