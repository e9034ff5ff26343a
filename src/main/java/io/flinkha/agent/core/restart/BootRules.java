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
     * Decides for one epoch.
     *
     * @param planDamage why the stored plan cannot be used, null if it is intact or there is none
     * @param resumed it is proven that a person resumed the parked Job
     */
    public static Decision decide(
            Manifest manifest,
            Revision revision,
            String newJobId,
            @Nullable String planDamage,
            boolean resumed) {
        boolean sameRevision = revision.equals(manifest.revision());
        JobResult result = manifest.result();
        Run run = manifest.run();
        PlanRef plan = manifest.plan();
        boolean goesOn = resumed && result != null && result.status() == Status.FAILED;
        if (result != null && sameRevision && !goesOn) {
            ExitCode code = result.status() == Status.FAILED ? ExitCode.FAILED : ExitCode.DONE;
            return new Decision(
                    new BootPlan.Halt(
                            "job %s is %s in this revision%s"
                                    .formatted(result.jobId(), result.status(), wayOn(manifest)),
                            code),
                    manifest);
        }
        if (run == null) {
            return fresh(
                    manifest, revision, newJobId, "nothing was ever stored for this cluster-id");
        }
        if (result == null && sameRevision && plan != null && planDamage == null) {
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
        String why = whyNoResume(sameRevision, plan, result, planDamage);
        String pointer = manifest.pointer();
        if (pointer == null) {
            return fresh(
                    manifest, revision, newJobId, why + ", and no checkpoint was ever completed");
        }
        if (result != null && result.status() == Status.FINISHED) {
            return fresh(manifest, revision, newJobId, why + ", and the last run finished");
        }
        return restore(manifest, revision, newJobId, why, pointer);
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

    private static Decision fresh(
            Manifest manifest, Revision revision, String jobId, String reason) {
        Manifest started = manifest.startRun(revision, new Run(jobId, "", manifest.epoch()), null);
        return new Decision(new BootPlan.Fresh(reason, jobId, started.reservedTo()), started);
    }

    private static Decision restore(
            Manifest manifest, Revision revision, String jobId, String reason, String pointer) {
        RestoredFrom from = new RestoredFrom(pointer, "NO_CLAIM", false);
        Manifest started = manifest.startRun(revision, new Run(jobId, "", manifest.epoch()), from);
        return new Decision(
                new BootPlan.Restore(
                        reason,
                        jobId,
                        started.reservedTo(),
                        List.of(pointer),
                        from.claimMode(),
                        from.allowNonRestoredState()),
                started);
    }
}
