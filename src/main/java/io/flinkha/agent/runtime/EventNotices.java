package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Notice;
import io.flinkha.agent.core.Notice.Kind;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.core.restart.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    public void stepped(State before, Event event, Transition transition) {
        notices(before, transition).forEach(recorder);
        switch (event) {
            case Event.StartFailed failed ->
                    recorder.accept(new Notice(Kind.WARNING, "StartFailed", failed.reason()));
            case Event.ChangeOffered offer
                    when offer.change() instanceof Change.RecordRestore restore
                            && isSecondChoice(before.gate().start(), restore.path()) ->
                    recorder.accept(
                            new Notice(
                                    Kind.WARNING,
                                    "RestoredOlderCheckpoint",
                                    "the newest checkpoint cannot be found or read; the job goes back to %s and does again what came after it"
                                            .formatted(restore.path())));
            default -> {}
        }
    }

    private List<Notice> notices(State before, Transition transition) {
        State after = transition.state();
        List<Notice> notices = new ArrayList<>();
        if (after.manifest().claimed() > before.manifest().claimed()) {
            Manifest claimed = after.manifest().committed();
            String why =
                    claimed == null || claimed.history().isEmpty()
                            ? "an agent of this pod led before"
                            : claimed.history().getLast().reason();
            add(
                    notices,
                    Kind.NORMAL,
                    "LeaderElection",
                    "became leader, epoch %d: %s".formatted(after.manifest().claimed(), why));
        }
        if (before.verdict() == null && after.verdict() != null && before.lease().epoch() > 0) {
            add(
                    notices,
                    Kind.WARNING,
                    "LeadershipLost",
                    "stopped leading, epoch %d: %s"
                            .formatted(after.lease().epoch(), after.verdict().reason()));
        }
        if (after.refusal() != null && !after.refusal().equals(before.refusal())) {
            add(notices, Kind.WARNING, "RestoreRefused", after.refusal());
        }
        Start start = after.gate().start();
        if (start != null && !Objects.equals(start, before.gate().start())) {
            if (start instanceof Start.Halt halt && halt.code() == ExitCode.REFUSED) {
                add(notices, Kind.WARNING, "RestoreRefused", halt.reason());
            } else {
                String kind = start.getClass().getSimpleName();
                add(notices, Kind.NORMAL, "RestorePlanned", kind + ": " + start.reason());
            }
        }
        String paused = after.wishes().paused();
        if (!paused.equals(before.wishes().paused()) && after.lease().epoch() > 0) {
            add(
                    notices,
                    Kind.NORMAL,
                    paused.isEmpty() ? "Resumed" : "Paused",
                    paused.isEmpty()
                            ? "automation is on again"
                            : "automation is off (%s): the JobManager and the Lease stay, no JobManager is let in anew, and the Job is told nothing"
                                    .formatted(paused));
        }
        JobResult result = result(after);
        if (result != null && result(before) == null && before.manifest().committed() != null) {
            boolean failed = result.status() == JobResult.Status.FAILED;
            add(
                    notices,
                    failed ? Kind.WARNING : Kind.NORMAL,
                    "JobTerminal",
                    "job %s is %s%s"
                            .formatted(
                                    result.jobId(),
                                    result.status(),
                                    result.cause().isEmpty() ? "" : ": " + result.cause()));
        }
        for (Action action : transition.actions()) {
            if (action instanceof Action.SignalJob signal && !signal.signal().equals(told)) {
                // Repeated until the Job shows it, it is still one piece of news.
                told = signal.signal();
                add(notices, Kind.WARNING, "JobSignalled", signal.signal().sentence());
            }
        }
        return notices;
    }

    private static boolean isSecondChoice(@Nullable Start start, String taken) {
        return switch (start) {
            case Start.Restore restore -> !restore.candidates().getFirst().equals(taken);
            case Start.Resume resume -> true;
            case null, default -> false;
        };
    }

    private static @Nullable JobResult result(State state) {
        Manifest committed = state.manifest().committed();
        return committed == null ? null : committed.result();
    }

    private static void add(List<Notice> notices, Kind kind, String reason, String message) {
        notices.add(new Notice(kind, reason, message));
    }
}
