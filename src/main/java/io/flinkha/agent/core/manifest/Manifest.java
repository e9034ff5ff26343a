package io.flinkha.agent.core.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that must outlive a JobManager, an agent and the Kubernetes Job; written only by
 * compare-and-swap.
 *
 * @param epoch the leadership that wrote it
 * @param sequence number of writes so far, over all epochs
 * @param revision what {@code plan} was made for
 * @param checkpoints the run's own completed checkpoints, oldest first
 * @param restoredFrom what the run was restored from
 * @param savepoint the newest one, of whichever run
 * @param earlierRuns earlier runs, newest last
 * @param reservedTo checkpoint ids below it are spent, over all runs
 * @param result set once the run has ended for good
 * @param parked set before the Job of a run that failed is suspended
 * @param restoreNonce of the last path that a person named to restore from
 * @param holdSeconds of the leader that wrote it, as on its Lease: this stays when that is deleted
 * @param history the last leaderships, newest last
 */
public record Manifest(
        long epoch,
        long sequence,
        @Nullable Revision revision,
        @Nullable Run run,
        @Nullable PlanRef plan,
        List<Checkpoint> checkpoints,
        @Nullable RestoredFrom restoredFrom,
        @Nullable Savepoint savepoint,
        List<EarlierRun> earlierRuns,
        long reservedTo,
        @Nullable JobResult result,
        @Nullable Parked parked,
        @Nullable String restoreNonce,
        long holdSeconds,
        List<Leadership> history) {

    public static final int MAX_HISTORY = 20;

    /** More than ever wait for their sweep, unless run after run fails to start. */
    public static final int MAX_EARLIER_RUNS = 30;

    /** A cluster-id that nothing was ever stored for. */
    public static final Manifest EMPTY =
            new Manifest(
                    0, 0, null, null, null, List.of(), null, null, List.of(), 1, null, null, null,
                    0, List.of());

    public Manifest {
        checkpoints = List.copyOf(checkpoints);
        earlierRuns = List.copyOf(earlierRuns);
        history = List.copyOf(history);
    }

    /** The checkpoint that completed last; null if there is none. */
    public @Nullable Checkpoint lastCheckpoint() {
        return checkpoints.isEmpty() ? null : checkpoints.getLast();
    }

    /** How the job of this Kubernetes Job ended for good; null while it has not. */
    public @Nullable JobResult resultOf(String controllerUid) {
        return revision != null && revision.controller().equals(controllerUid) ? result : null;
    }

    /**
     * The newest state that a run after this one could start from; null if none was ever completed,
     * or it is discarded. A savepoint that was only triggered is not newer than a checkpoint: what
     * the sinks had to commit with it, they commit with the next checkpoint.
     */
    public @Nullable Restorable newest() {
        if (result != null && result.hasSavepoint()) {
            return new Restorable(result.savepoint(), savepointTime(result.savepoint()));
        }
        if (result != null && result.discarded()) {
            return null;
        }
        Checkpoint last = lastCheckpoint();
        if (last != null) {
            return new Restorable(last.path(), last.completedAt());
        }
        if (savepoint != null && run != null && savepoint.jobId().equals(run.jobId())) {
            return new Restorable(savepoint.path(), savepoint.completedAt());
        }
        return restoredFrom == null
                ? null
                : new Restorable(restoredFrom.path(), restoredFrom.completedAt());
    }

    private long savepointTime(String path) {
        return savepoint != null && savepoint.path().equals(path) ? savepoint.completedAt() : 0;
    }

    /** The run finished, and it could not be seen whether it was stopped with a savepoint. */
    public boolean isSavepointUnknown() {
        return result != null && result.savepoint().equals(JobResult.UNKNOWN);
    }

    /** The same content as the work of a new epoch, with one more line of history. */
    public Manifest claimedBy(Leadership leadership) {
        return with(copy -> {
            copy.epoch = leadership.epoch();
            copy.history = last(history, leadership, MAX_HISTORY);
        });
    }

    public Manifest withSequence(long newSequence) {
        return with(copy -> copy.sequence = newSequence);
    }

    /** What a copy of it is called: names sort as the commits followed each other. */
    public String copyName() {
        return "%010d-%012d.json".formatted(epoch, sequence);
    }

    public Manifest withHoldSeconds(long newHoldSeconds) {
        return with(copy -> copy.holdSeconds = newHoldSeconds);
    }

    /** Whether it was written after another one: epochs count first. */
    public boolean isNewerThan(Manifest other) {
        return epoch != other.epoch ? epoch > other.epoch : sequence > other.sequence;
    }

    public Manifest withPlan(@Nullable Run newRun, @Nullable PlanRef newPlan) {
        return with(copy -> {
            copy.run = newRun;
            copy.plan = newPlan;
        });
    }

    public Manifest withCheckpoints(List<Checkpoint> newCheckpoints) {
        return with(copy -> copy.checkpoints = newCheckpoints);
    }

    public Manifest withReservedTo(long newReservedTo) {
        return with(copy -> copy.reservedTo = newReservedTo);
    }

    public Manifest withRestoredFrom(@Nullable RestoredFrom newRestoredFrom) {
        return with(copy -> copy.restoredFrom = newRestoredFrom);
    }

    /** What the job leaves behind is no longer named where Flink deletes it. */
    public Manifest withResult(JobResult newResult) {
        return with(copy -> {
            copy.result = newResult;
            copy.checkpoints = newResult.discarded() ? List.of() : checkpoints;
        });
    }

    public Manifest withSavepoint(@Nullable Savepoint newSavepoint) {
        return with(copy -> copy.savepoint = newSavepoint);
    }

    public Manifest withEarlierRuns(List<EarlierRun> newEarlierRuns) {
        return with(copy -> copy.earlierRuns = newEarlierRuns);
    }

    public Manifest withParked(Parked newParked) {
        return with(copy -> copy.parked = newParked);
    }

    public Manifest withRestoreNonce(String newRestoreNonce) {
        return with(copy -> copy.restoreNonce = newRestoreNonce);
    }

    /**
     * A new run: no plan, no checkpoint of its own and no result; the last one is an earlier run
     * now.
     */
    public Manifest startRun(Revision newRevision, Run newRun, @Nullable RestoredFrom from) {
        return with(copy -> {
            copy.revision = newRevision;
            copy.run = newRun;
            copy.plan = null;
            copy.checkpoints = List.of();
            copy.restoredFrom = from;
            copy.result = null;
            copy.parked = null;
            // Decided twice in one epoch, it is the same run.
            if (run != null && !run.jobId().equals(newRun.jobId())) {
                EarlierRun earlier = asEarlier(run);
                // One whose main() never came to a job left no file. Start after start they would
                // push those out that did.
                if (earlier.isKept() || !run.jobName().isEmpty()) {
                    copy.earlierRuns = last(earlierRuns, earlier, MAX_EARLIER_RUNS);
                }
            }
        });
    }

    /** What it was restored from is not its own: the run that left it is an earlier run already. */
    private EarlierRun asEarlier(Run ended) {
        Restorable newest = newest();
        boolean own =
                newest != null
                        && (restoredFrom == null || !restoredFrom.path().equals(newest.path()));
        return new EarlierRun(
                ended.jobId(),
                own && newest != null ? newest.path() : "",
                plan == null ? "" : plan.sha256(),
                false,
                false);
    }

    private static <T> List<T> last(List<T> list, T added, int limit) {
        List<T> result = new ArrayList<>(list);
        result.add(added);
        return result.subList(Math.max(0, result.size() - limit), result.size());
    }

    private Manifest with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return new Manifest(
                copy.epoch,
                copy.sequence,
                copy.revision,
                copy.run,
                copy.plan,
                copy.checkpoints,
                copy.restoredFrom,
                copy.savepoint,
                copy.earlierRuns,
                copy.reservedTo,
                copy.result,
                copy.parked,
                copy.restoreNonce,
                copy.holdSeconds,
                copy.history);
    }

    /** The fields while one change works on them. */
    private static final class Copy {
        private long epoch;
        private long sequence;
        private @Nullable Revision revision;
        private @Nullable Run run;
        private @Nullable PlanRef plan;
        private List<Checkpoint> checkpoints;
        private @Nullable RestoredFrom restoredFrom;
        private @Nullable Savepoint savepoint;
        private List<EarlierRun> earlierRuns;
        private long reservedTo;
        private @Nullable JobResult result;
        private @Nullable Parked parked;
        private @Nullable String restoreNonce;
        private long holdSeconds;
        private List<Leadership> history;

        Copy(Manifest of) {
            epoch = of.epoch;
            sequence = of.sequence;
            revision = of.revision;
            run = of.run;
            plan = of.plan;
            checkpoints = of.checkpoints;
            restoredFrom = of.restoredFrom;
            savepoint = of.savepoint;
            earlierRuns = of.earlierRuns;
            reservedTo = of.reservedTo;
            result = of.result;
            parked = of.parked;
            restoreNonce = of.restoreNonce;
            holdSeconds = of.holdSeconds;
            history = of.history;
        }
    }
}
