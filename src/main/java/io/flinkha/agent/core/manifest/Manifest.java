package io.flinkha.agent.core.manifest;

import java.util.ArrayList;
import java.util.List;
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
        List<Leadership> history) {

    public static final int MAX_HISTORY = 20;
    public static final int MAX_RETIRED = 10;

    /** A cluster-id that nothing was ever stored for. */
    public static final Manifest EMPTY =
            new Manifest(0, 0, null, null, null, List.of(), null, List.of(), 1, null, List.of());

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
        if (!checkpoints.isEmpty()) {
            return checkpoints.getLast().path();
        }
        return restoredFrom == null ? null : restoredFrom.path();
    }

    /** The same content as the work of {@code newEpoch}, with one more line of history. */
    public Manifest claimedBy(Leadership leadership) {
        return new Manifest(
                leadership.epoch(),
                sequence,
                revision,
                run,
                plan,
                checkpoints,
                restoredFrom,
                retired,
                reservedTo,
                result,
                last(history, leadership, MAX_HISTORY));
    }

    public Manifest withSequence(long newSequence) {
        return new Manifest(
                epoch,
                newSequence,
                revision,
                run,
                plan,
                checkpoints,
                restoredFrom,
                retired,
                reservedTo,
                result,
                history);
    }

    public Manifest withPlan(@Nullable Run newRun, @Nullable PlanRef newPlan) {
        return new Manifest(
                epoch,
                sequence,
                revision,
                newRun,
                newPlan,
                checkpoints,
                restoredFrom,
                retired,
                reservedTo,
                result,
                history);
    }

    public Manifest withCheckpoints(List<Checkpoint> newCheckpoints) {
        return new Manifest(
                epoch,
                sequence,
                revision,
                run,
                plan,
                newCheckpoints,
                restoredFrom,
                retired,
                reservedTo,
                result,
                history);
    }

    public Manifest withReservedTo(long newReservedTo) {
        return new Manifest(
                epoch,
                sequence,
                revision,
                run,
                plan,
                checkpoints,
                restoredFrom,
                retired,
                newReservedTo,
                result,
                history);
    }

    public Manifest withRestoredFrom(@Nullable RestoredFrom newRestoredFrom) {
        return new Manifest(
                epoch,
                sequence,
                revision,
                run,
                plan,
                checkpoints,
                newRestoredFrom,
                retired,
                reservedTo,
                result,
                history);
    }

    public Manifest withResult(JobResult newResult) {
        return new Manifest(
                epoch,
                sequence,
                revision,
                run,
                plan,
                checkpoints,
                restoredFrom,
                retired,
                reservedTo,
                newResult,
                history);
    }

    /**
     * A new run: no plan, no checkpoint of its own and no result; what the last one ended with is
     * retired.
     */
    public Manifest startRun(Revision newRevision, Run newRun, @Nullable RestoredFrom from) {
        List<String> nowRetired = retired;
        String pointer = pointer();
        if (pointer != null && !retired.contains(pointer)) {
            nowRetired = last(retired, pointer, MAX_RETIRED);
        }
        return new Manifest(
                epoch,
                sequence,
                newRevision,
                newRun,
                null,
                List.of(),
                from,
                nowRetired,
                reservedTo,
                null,
                history);
    }

    private static <T> List<T> last(List<T> list, T added, int limit) {
        List<T> result = new ArrayList<>(list);
        result.add(added);
        return result.subList(Math.max(0, result.size() - limit), result.size());
    }
}
