package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.EndsRead;
import io.flinkha.agent.core.Event.GatePolled;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.KillCause;
import io.flinkha.agent.core.restart.OnNoProgress;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The JobManager's process: its ends are counted, one that lives and does nothing is ended, and its
 * supervisor is told what to make of an end.
 *
 * <p>An order proves nothing. That a process is dead is seen by its lock alone (R8).
 */
final class ProcessSteps {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /** It may be lost with the supervisor, which the kubelet starts again. */
    private static final Duration ORDER_AGAIN = Duration.ofSeconds(2);

    /** Its own watchdog counts from an earlier moment, and is first. */
    private static final Duration OWN_END = Duration.ofMillis(500);

    /** As many ends as the supervisor's record has. */
    private static final int MAX_REMEMBERED = 100;

    private final Settings settings;
    private final StandbySteps standby;

    ProcessSteps(Settings settings, StandbySteps standby) {
        this.settings = settings;
        this.standby = standby;
    }

    /** Only time in which this agent was awake says anything about others. */
    void letTimePass(Draft draft) {
        ProcessState process = draft.process;
        String owner = owner(draft);
        boolean paused = draft.state.wishes().isPaused();
        if (!owner.equals(process.watched)) {
            process.watched = owner;
            process.silence = 0;
            process.progressBound = 0;
        } else if (!owner.isEmpty() && !paused) {
            process.silence += draft.awake;
        } else {
            process.silence = 0;
        }
        if (process.progressBound > 0 && !paused && draft.state.servesThisEpoch()) {
            process.unproductive += draft.awake;
        } else {
            process.unproductive = 0;
        }
    }

    void failed(Draft draft, Call call, Outcome outcome) {}

    /** A call of that process. */
    void heard(Draft draft, String jm) {
        if (jm.equals(draft.process.watched)) {
            draft.process.silence = 0;
        }
    }

    void note(Draft draft, GatePolled poll) {
        heard(draft, poll.jm());
        if (!poll.jm().equals(draft.process.watched)) {
            return;
        }
        draft.process.progressBound = poll.progressMillis() * 1_000_000;
        if (!poll.hung().isEmpty() && !draft.state.wishes().isPaused()) {
            condemn(draft, KillCause.MAIN_THREAD, poll.hung());
        }
    }

    void note(Draft draft, EndsRead read) {
        ProcessState process = draft.process;
        if (process.answered(read.call()) == null) {
            return;
        }
        if (draft.state.wishes().isPaused()) {
            excuse(process, added(process.ends(), read.ends()));
        }
        process.ends = read.ends();
        process.readBeside = process.askedBeside;
    }

    /** An agent that finds the Lease paused cannot know which ends came before that. */
    private static void noteFirstLook(Draft draft) {
        if (draft.before().lease.record == null && draft.state.wishes().isPaused()) {
            excuse(draft.process, draft.process.ends());
        }
    }

    private static void excuse(ProcessState process, List<ProcessEnd> ends) {
        List<Long> numbers = ends.stream().map(ProcessEnd::number).toList();
        process.excused = remembered(process.excused, numbers);
    }

    private static List<Long> remembered(List<Long> known, List<Long> more) {
        List<Long> all = Stream.concat(known.stream(), more.stream()).distinct().toList();
        return all.subList(Math.max(0, all.size() - MAX_REMEMBERED), all.size());
    }

    /** Those that a record has more than an earlier one. */
    static List<ProcessEnd> added(List<ProcessEnd> before, List<ProcessEnd> after) {
        long last = before.isEmpty() ? 0 : before.getLast().number();
        return after.stream().filter(end -> end.number() > last).toList();
    }

    void act(Draft draft) {
        ProcessState process = draft.process;
        noteProgress(draft);
        noteFirstLook(draft);
        // Whoever lives on into a pause is left alone: the order may have been lost.
        if (process.condemned != null
                && (draft.state.wishes().isPaused() || !process.condemned.equals(owner(draft)))) {
            process.condemned = null;
        }
        watch(draft);
        order(draft);
        if (draft.state.verdict == null) {
            tell(draft);
            askForEnds(draft);
        }
    }

    private static void noteProgress(Draft draft) {
        if (!Objects.equals(
                draft.before().manifest.lastCheckpoint(), draft.state.manifest.lastCheckpoint())) {
            draft.process.unproductive = 0;
        }
    }

    private void watch(Draft draft) {
        ProcessState process = draft.process;
        boolean lives = !process.watched.isEmpty() && process.watched.equals(owner(draft));
        if (!lives || draft.state.wishes().isPaused()) {
            return;
        }
        Duration timeout = settings.watchdog().pollTimeout();
        if (process.silence >= timeout.toNanos()) {
            condemn(
                    draft,
                    KillCause.HUNG,
                    "it has not called for %d s".formatted(timeout.toSeconds()));
        }
        if (process.isStalled() && settings.watchdog().onNoProgress() == OnNoProgress.RESTART) {
            condemn(
                    draft,
                    KillCause.NO_PROGRESS,
                    "no checkpoint has completed for %d s"
                            .formatted(process.progressBound / 1_000_000_000));
        }
        if (draft.state.phase == Phase.STEPPING_DOWN
                && process.watched.equals(draft.gate.served)
                && draft.now >= draft.gate.until + OWN_END.toNanos()) {
            condemn(draft, KillCause.GATE_CLOSED, KillCause.GATE_CLOSED.reason());
        }
    }

    private static void condemn(Draft draft, KillCause cause, String detail) {
        ProcessState process = draft.process;
        if (process.condemned == null) {
            process.condemned = process.watched;
            process.cause = cause;
            process.detail = detail;
            process.orderAt = draft.now;
        }
    }

    private static void order(Draft draft) {
        ProcessState process = draft.process;
        if (process.condemned != null
                && draft.gate.lock instanceof Lock.Held held
                && held.owner().equals(process.condemned)
                && held.start() > 0
                && draft.now >= process.orderAt) {
            process.ordered = remembered(process.ordered, List.of(held.start()));
            process.orderAt = draft.now + ORDER_AGAIN.toNanos();
            draft.emit(new Action.KillJobManager(held.start()));
        }
    }

    private void tell(Draft draft) {
        Standing standing = standing(draft);
        if (standing != null && !standing.equals(draft.process.told)) {
            draft.process.told = standing;
            draft.emit(new Action.TellSupervisor(standing));
        }
    }

    /** Who does not lead knows neither whether the job is over nor what people want of it. */
    private @Nullable Standing standing(Draft draft) {
        Manifest committed = draft.manifest.committed;
        if (committed != null && draft.lease.epoch > 0 && draft.state.isClaimed()) {
            return new Standing(
                    draft.state.wishes().isPaused(),
                    standby.isNamed(draft),
                    // A container that is final completes the Job, and nobody runs again.
                    draft.manifest.owed ? null : recordedEnd(committed));
        }
        Standing told = draft.process.told;
        return told == null || !told.yields() ? null : told.withYields(standby.isTakingOver(draft));
    }

    private @Nullable ExitCode recordedEnd(Manifest committed) {
        JobResult result = committed.resultOf(settings.controllerUid());
        return result == null ? null : ExitCode.of(result);
    }

    /** An end is written down before the next start: beside a process that lives none is added. */
    private static void askForEnds(Draft draft) {
        ProcessState process = draft.process;
        String owner = owner(draft);
        boolean settled = !owner.isEmpty() && owner.equals(process.readBeside);
        if (process.ends != null && settled) {
            return;
        }
        if (process.isDue(draft.now)) {
            process.nextAt = draft.now + LOOK_AGAIN.toNanos();
            process.askedBeside = owner;
            draft.emit(new Action.ReadEnds(draft.send(process, Call.Kind.READ)));
        }
    }

    private static String owner(Draft draft) {
        return draft.gate.lock instanceof Lock.Held held ? held.owner() : "";
    }

    /**
     * Ends that count, after a moment in seconds since 1970.
     *
     * @param paused numbers of those that came while paused, by the history
     */
    static long failures(State state, long sinceSeconds, Set<Long> paused) {
        ProcessState process = state.process;
        return process.ends().stream()
                .filter(end -> end.counts(process.ordered.contains(end.number())))
                .filter(end -> end.endedAtSeconds() > sinceSeconds)
                .filter(end -> !process.excused.contains(end.number()))
                .filter(end -> !paused.contains(end.number()))
                .filter(end -> !(end.claimsTheEnd() && isOver(state)))
                .count();
    }

    private static boolean isOver(State state) {
        return state.process.told != null && state.process.told.end() != null;
    }
}
