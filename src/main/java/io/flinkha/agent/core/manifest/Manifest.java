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
 * @param retired paths that earlier runs ended with, newest last
 * @param reservedTo checkpoint ids below it are spent, over all runs
 * @param result set once the run has ended for good
 * @param parked set before the Job of a run that failed is suspended
 * @param restoreNonce of the last path that a person named to restore from
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
        List<String> retired,
        long reservedTo,
        @Nullable JobResult result,
        @Nullable Parked parked,
        @Nullable String restoreNonce,
        List<Leadership> history) {

    public static final int MAX_HISTORY = 20;
    public static final int MAX_RETIRED = 10;

    /** A cluster-id that nothing was ever stored for. */
    public static final Manifest EMPTY =
            new Manifest(
                    0, 0, null, null, null, List.of(), null, List.of(), 1, null, null, null,
                    List.of());

    public Manifest {
        checkpoints = List.copyOf(checkpoints);
        retired = List.copyOf(retired);
        history = List.copyOf(history);
    }

    /**
     * The newest state that this run could be restored from, as a path; null if none was ever
     * completed.
     */
    public @Nullable String pointer() {
        if (result != null && !result.savepoint().isEmpty() && !isSavepointUnknown()) {
            return result.savepoint();
        }
        if (!checkpoints.isEmpty()) {
            return checkpoints.getLast().path();
        }
        return restoredFrom == null ? null : restoredFrom.path();
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

    public Manifest withResult(JobResult newResult) {
        return with(copy -> copy.result = newResult);
    }

    public Manifest withParked(Parked newParked) {
        return with(copy -> copy.parked = newParked);
    }

    public Manifest withRestoreNonce(String newRestoreNonce) {
        return with(copy -> copy.restoreNonce = newRestoreNonce);
    }

    /**
     * A new run: no plan, no checkpoint of its own and no result; what the last one ended with is
     * retired.
     */
    public Manifest startRun(Revision newRevision, Run newRun, @Nullable RestoredFrom from) {
        String pointer = pointer();
        return with(copy -> {
            copy.revision = newRevision;
            copy.run = newRun;
            copy.plan = null;
            copy.checkpoints = List.of();
            copy.restoredFrom = from;
            copy.result = null;
            copy.parked = null;
            if (pointer != null && !retired.contains(pointer)) {
                copy.retired = last(retired, pointer, MAX_RETIRED);
            }
        });
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
                copy.retired,
                copy.reservedTo,
                copy.result,
                copy.parked,
                copy.restoreNonce,
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
        private List<String> retired;
        private long reservedTo;
        private @Nullable JobResult result;
        private @Nullable Parked parked;
        private @Nullable String restoreNonce;
        private List<Leadership> history;

        Copy(Manifest of) {
            epoch = of.epoch;
            sequence = of.sequence;
            revision = of.revision;
            run = of.run;
            plan = of.plan;
            checkpoints = of.checkpoints;
            restoredFrom = of.restoredFrom;
            retired = of.retired;
            reservedTo = of.reservedTo;
            result = of.result;
            parked = of.parked;
            restoreNonce = of.restoreNonce;
            history = of.history;
        }
    }
}
