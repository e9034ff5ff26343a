package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Fact;
import io.flinkha.agent.core.Notice;
import io.flinkha.agent.core.Notice.Kind;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.restart.EndCause;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.core.restart.Start;
import io.flinkha.agent.sentences.Sentences;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Each change of leadership and each signal, with its cause, for {@code kubectl describe}. */
public final class EventNotices implements LoopListener {
    private final Consumer<Notice> recorder;
    private @Nullable Signal told;

    /**
     * Tells them in order.
     *
     * @param recorder must not block: it is called on the loop's thread
     */
    public EventNotices(Consumer<Notice> recorder) {
        this.recorder = recorder;
    }

    @Override
    public void stepped(Event event, Transition transition) {
        for (Fact fact : transition.facts()) {
            Notice notice = notice(fact);
            if (notice != null) {
                recorder.accept(notice);
            }
        }
    }

    private @Nullable Notice notice(Fact fact) {
        return switch (fact) {
            case Fact.Claimed claimed -> {
                String why = claimed.reason();
                yield new Notice(
                        Kind.NORMAL,
                        "LeaderElection",
                        "became leader, epoch %d: %s"
                                .formatted(
                                        claimed.epoch(),
                                        why == null ? "an agent of this pod led before" : why));
            }
            case Fact.HandedOver given -> handedOver(given);
            case Fact.Ended ended ->
                    new Notice(
                            Kind.WARNING,
                            "LeadershipLost",
                            "stopped leading, epoch %d: %s"
                                    .formatted(ended.epoch(), ended.verdict().reason()));
            case Fact.Refused refused ->
                    new Notice(Kind.WARNING, "RestoreRefused", Sentences.of(refused.refusal()));
            case Fact.StartDecided decided -> start(decided.start());
            case Fact.PauseChanged changed -> pause(changed.why());
            case Fact.JobEnded ended -> jobEnded(ended.result());
            case Fact.JobSignalled signalled -> {
                boolean isNews = !signalled.signal().equals(told);
                // Repeated until the Job shows it, it is still one piece of news.
                told = signalled.signal();
                yield isNews
                        ? new Notice(Kind.WARNING, "JobSignalled", signalled.signal().sentence())
                        : null;
            }
            case Fact.EndRecorded ended -> processEnd(ended);
            case Fact.Condemned condemned ->
                    new Notice(
                            Kind.WARNING,
                            "JobManagerKilled",
                            "%s: %s; %s"
                                    .formatted(
                                            condemned.cause().reason(),
                                            condemned.detail(),
                                            condemned.start() == 0
                                                    ? "it cannot be killed, its container was not started by flink-ha-run"
                                                    : "it is to be killed and started again"));
            case Fact.Stalled stalled ->
                    new Notice(
                            Kind.WARNING,
                            "NoProgress",
                            "no checkpoint has completed for %d s, longer than the job's interval, timeout and tolerable failures explain"
                                    .formatted(stalled.seconds()));
            case Fact.StartFailed failed ->
                    new Notice(Kind.WARNING, "StartFailed", failed.reason());
            case Fact.OlderStateTaken taken ->
                    new Notice(
                            Kind.WARNING,
                            "RestoredOlderCheckpoint",
                            "the newest checkpoint cannot be found or read; the job goes back to %s and does again what came after it"
                                    .formatted(taken.path()));
            default -> ofTheWitness(fact);
        };
    }

    private static Notice handedOver(Fact.HandedOver given) {
        return new Notice(
                Kind.NORMAL,
                "HandedOver",
                "gave up epoch %d for %s, whose JobManager waits: %s"
                        .formatted(
                                given.epoch(),
                                given.to(),
                                given.ended().isEmpty()
                                        ? "this pod's is not there"
                                        : given.ended()));
    }

    private static @Nullable Notice ofTheWitness(Fact fact) {
        return switch (fact) {
            case Fact.HeldByStorage held -> heldByStorage(held);
            case Fact.ManifestHealed healed ->
                    new Notice(
                            Kind.WARNING,
                            "ManifestHealed",
                            "the manifest in the API server was of epoch %d, sequence %d; the copy in the storage was ahead of it, and is what goes on: epoch %d, sequence %d"
                                    .formatted(
                                            healed.from().epoch(),
                                            healed.from().sequence(),
                                            healed.copy().epoch(),
                                            healed.copy().sequence()));
            case Fact.CopiesUnverified unverified ->
                    new Notice(
                            Kind.WARNING,
                            "CopyNotVerified",
                            "objects that are called like newer copies of the manifest do not verify, and count for nothing: %s; look who else may write to this storage"
                                    .formatted(
                                            String.join(
                                                    ", ",
                                                    unverified.names().stream()
                                                            .limit(3)
                                                            .toList())));
            default -> null;
        };
    }

    private static Notice heldByStorage(Fact.HeldByStorage held) {
        return held.held()
                ? new Notice(
                        Kind.WARNING,
                        "FailsafeEntered",
                        "the Lease cannot be renewed; epoch %d goes on by the storage, which has no mark of a later one"
                                .formatted(held.epoch()))
                : new Notice(
                        Kind.NORMAL,
                        "FailsafeLeft",
                        "the storage no longer keeps the gate open, epoch %d"
                                .formatted(held.epoch()));
    }

    /** The others are told with the epoch that follows. */
    private static @Nullable Notice processEnd(Fact.EndRecorded ended) {
        return ended.cause() == EndCause.NO_RESULT
                ? new Notice(
                        Kind.WARNING,
                        "ExitWithoutResult",
                        "the JobManager exited with %d, and no end of its job is recorded: System.exit in main(), or a wrapper that hides the exit code; it is started again, and this counts as a failed end"
                                .formatted(ended.end().exitCode()))
                : null;
    }

    private static Notice start(Start start) {
        if (start instanceof Start.Halt halt && halt.code() == ExitCode.REFUSED) {
            return new Notice(Kind.WARNING, "RestoreRefused", Sentences.of(halt.refusal()));
        }
        String kind = start.getClass().getSimpleName();
        return new Notice(Kind.NORMAL, "RestorePlanned", kind + ": " + Sentences.of(start));
    }

    private static Notice pause(String why) {
        return why.isEmpty()
                ? new Notice(Kind.NORMAL, "Resumed", "automation is on again")
                : new Notice(
                        Kind.NORMAL,
                        "Paused",
                        "automation is off (%s): the JobManager and the Lease stay, no JobManager is let in anew, and the Job is told nothing"
                                .formatted(why));
    }

    private static Notice jobEnded(JobResult result) {
        boolean failed = result.status() == JobResult.Status.FAILED;
        return new Notice(
                failed ? Kind.WARNING : Kind.NORMAL,
                "JobTerminal",
                "job %s is %s%s"
                        .formatted(
                                result.jobId(),
                                result.status(),
                                result.cause().isEmpty() ? "" : ": " + result.cause()));
    }
}
