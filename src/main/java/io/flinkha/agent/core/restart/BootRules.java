package io.flinkha.agent.core.restart;

import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.JobResult.Status;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides the boot plan of an epoch, from the manifest that this epoch's claim wrote and from
 * nothing else.
 */
public final class BootRules {
    private BootRules() {}

    /** The plan, and the manifest that must be committed before it is handed out. */
    public record Decision(BootPlan plan, Manifest manifest) {}

    /**
     * What the manifest does not say.
     *
     * @param revision of the JobManager that asks
     * @param newJobId for a new run
     * @param planDamage why the stored plan cannot be used, null if it is intact or there is none
     * @param resumed it is proven that a person resumed the parked Job
     */
    public record Start(
            Revision revision,
            String newJobId,
            @Nullable String planDamage,
            boolean resumed,
            RestorePolicy restore) {}

    /** Decides for one epoch. */
    public static Decision decide(Manifest manifest, Start start) {
        boolean sameRevision = start.revision().equals(manifest.revision());
        JobResult result = manifest.result();
        Run run = manifest.run();
        PlanRef plan = manifest.plan();
        String damage = start.planDamage();
        String named = start.restore().path();
        if (named != null && !start.restore().nonce().equals(manifest.restoreNonce())) {
            Manifest once = manifest.withRestoreNonce(start.restore().nonce());
            return restore(once, start, "flink-ha.restore.path names it", named);
        }
        boolean goesOn = start.resumed() && result != null && result.status() == Status.FAILED;
        boolean sameJob = sameRevision || isSameJob(manifest.revision(), start.revision());
        if (result != null && sameJob && !goesOn) {
            ExitCode code = result.status() == Status.FAILED ? ExitCode.FAILED : ExitCode.DONE;
            return new Decision(
                    new BootPlan.Halt(
                            "job %s is %s in this %s%s"
                                    .formatted(
                                            result.jobId(),
                                            result.status(),
                                            sameRevision ? "revision" : "Kubernetes Job",
                                            wayOn(manifest)),
                            code),
                    manifest);
        }
        if (run == null) {
            return fresh(manifest, start, "nothing was ever stored for this cluster-id");
        }
        if (result == null && sameRevision && plan != null && damage == null) {
            return new Decision(
                    new BootPlan.Resume(
                            "same revision, plan intact",
                            run.jobId(),
                            run.jobName(),
                            plan,
                            manifest.reservedTo(),
                            manifest.checkpoints(),
                            manifest.restoredFrom()),
                    manifest);
        }
        String why = whyNoResume(sameRevision, plan, result, damage);
        if (!sameRevision && start.restore().strategy() == RestorePolicy.Strategy.NONE) {
            return fresh(manifest, start, why + ", and flink-ha.restore.strategy is none");
        }
        if (result != null && result.status() == Status.FINISHED) {
            return afterFinished(manifest, start, why, result);
        }
        String pointer = manifest.pointer();
        return pointer == null
                ? fresh(manifest, start, why + ", and no checkpoint was ever completed")
                : restore(manifest, start, why, pointer);
    }

    /** Flink has deleted the checkpoints; a savepoint is the user's. */
    private static Decision afterFinished(
            Manifest manifest, Start start, String why, JobResult result) {
        if (manifest.isSavepointUnknown()) {
            return new Decision(
                    new BootPlan.Halt(
                            "job %s finished, and it could not be seen whether it was stopped with a savepoint. Name its path (flink-ha.restore.path), or start empty by a new Job with flink-ha.restore.strategy=none."
                                    .formatted(result.jobId()),
                            ExitCode.REFUSED),
                    manifest);
        }
        return result.savepoint().isEmpty()
                ? fresh(manifest, start, why + ", and the last run finished")
                : restore(
                        manifest,
                        start,
                        why + ", and the last run was stopped with a savepoint",
                        result.savepoint());
    }

    /**
     * A pod that was replaced is nobody's act, even if the image's tag means other code by now; and
     * the Job is told to fail for this very result.
     */
    private static boolean isSameJob(@Nullable Revision known, Revision now) {
        return known != null
                && !now.controller().isEmpty()
                && now.controller().equals(known.controller());
    }

    private static String wayOn(Manifest manifest) {
        return manifest.parked() == null
                ? ""
                : "; resume the Job (spec.suspend: false) to go on from its latest state";
    }

    private static String whyNoResume(
            boolean sameRevision,
            @Nullable PlanRef plan,
            @Nullable JobResult result,
            @Nullable String damage) {
        if (!sameRevision) {
            return result == null
                    ? "the revision is new"
                    : "the revision is new and the last run ended as " + result.status();
        }
        if (result != null) {
            return "the Job was resumed after its job had " + result.status();
        }
        return plan == null || damage == null ? "there is no stored plan" : damage;
    }

    private static Decision fresh(Manifest manifest, Start start, String reason) {
        String jobId = start.newJobId();
        Manifest started = startRun(manifest, start, null);
        return new Decision(new BootPlan.Fresh(reason, jobId, started.reservedTo()), started);
    }

    private static Manifest startRun(Manifest manifest, Start start, @Nullable RestoredFrom from) {
        Run run = new Run(start.newJobId(), "", manifest.epoch());
        return manifest.startRun(start.revision(), run, from);
    }

    private static Decision restore(Manifest manifest, Start start, String reason, String pointer) {
        RestoredFrom from =
                new RestoredFrom(pointer, "NO_CLAIM", start.restore().allowNonRestoredState());
        Manifest started = startRun(manifest, start, from);
        return new Decision(
                new BootPlan.Restore(
                        reason,
                        start.newJobId(),
                        started.reservedTo(),
                        List.of(pointer),
                        from.claimMode(),
                        from.allowNonRestoredState()),
                started);
    }
}
