package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.PublicationEvent;
import io.flinkha.agent.core.Event.PublicationFenced;
import io.flinkha.agent.core.Event.PublishFailed;
import io.flinkha.agent.core.Event.Published;
import io.flinkha.agent.core.Verdict.Cause;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Run;
import java.util.Map;

/** The leader ConfigMap, where stock TaskManagers look. */
final class PublicationSteps {
    private final Settings settings;
    private final Incarnation incarnation;

    PublicationSteps(Settings settings, Incarnation incarnation) {
        this.settings = settings;
        this.incarnation = incarnation;
    }

    void expireCall(Draft draft) {
        Call call = draft.boardCall;
        if (call != null && draft.now - call.sentAt() >= settings.callTimeout().toNanos()) {
            retry(draft);
        }
    }

    void note(Draft draft, PublicationEvent answer) {
        if (draft.boardCall == null || draft.boardCall.id() != answer.call()) {
            return;
        }
        switch (answer) {
            case Published published -> {
                draft.boardCall = null;
                draft.written = draft.sending;
            }
            case PublishFailed failed -> retry(draft);
            case PublicationFenced fenced -> {
                draft.boardCall = null;
                AgentMachine.stepDown(
                        draft,
                        Cause.FENCED,
                        "the leader ConfigMap is of epoch %d".formatted(fenced.higherEpoch()));
            }
        }
    }

    private void retry(Draft draft) {
        draft.boardCall = null;
        draft.boardAt = draft.now + settings.retryAfterFailure().toNanos();
    }

    void write(Draft draft) {
        Map<String, String> leaders = draft.leaders;
        if (leaders == null
                || draft.written == draft.offered
                || draft.boardCall != null
                || draft.now < draft.boardAt
                || draft.claimed != draft.epoch) {
            return;
        }
        Manifest manifest = draft.wanted;
        Run run = manifest == null || manifest.result() != null ? null : manifest.run();
        String keep = run == null ? null : "job-" + run.jobId();
        draft.sending = draft.offered;
        draft.boardCall = draft.call(Call.Kind.WRITE);
        draft.emit(
                new Action.Publish(
                        draft.boardCall.id(),
                        draft.epoch,
                        incarnation.session(draft.epoch),
                        leaders,
                        keep,
                        draft.safeUntil));
    }
}
