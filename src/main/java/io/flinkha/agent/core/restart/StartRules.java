package io.flinkha.agent.core.restart;

import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.JobResult.Status;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.Restorable;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.manifest.Savepoint;
import io.flinkha.agent.core.restart.RestorePolicy.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides how an epoch starts, from the manifest that this epoch's claim wrote and from nothing
 * else (R5).
 */
public final class StartRules {
    private StartRules() {}

    /** The start, and the manifest that must be committed before it is handed out. */
    public record Decision(Start start, Manifest manifest) {}

    /**
     * What the manifest does not say.
     *
     * @param revision of the JobManager that asks
     * @param newJobId for a new run
     * @param planDamage why the stored plan cannot be used, null if it is intact or there is none
     * @param resumed it is proven that a person resumed the parked Job
     * @param asked a state that a person asked a running cluster-id to go back to, null if none
     * @param lost the copy of a manifest that is not there any more, null if there is none
     * @param stockHaHasRun Flink's own HA has run this cluster-id, of which the manifest knows
     *     nothing
     * @param wallMillis now, milliseconds since 1970
     */
    public record Circumstances(
            Revision revision,
            String newJobId,
            @Nullable String planDamage,
            boolean resumed,
            RestorePolicy restore,
            @Nullable String asked,
            @Nullable String lost,
            boolean stockHaHasRun,
            long wallMillis) {

        boolean by(Strategy strategy) {
            return restore.strategy() == strategy;
        }
    }

    /** Decides for one epoch. */
    public static Decision decide(Manifest manifest, Circumstances given) {
        if (manifest.run() == null && given.lost() != null) {
            // Before all settings: the one that a cluster is rebuilt with may be years old.
            return refuse(manifest, new Refusal.CopyOfLostManifest(given.lost()));
        }
        String named = given.restore().path();
        String asked = given.asked();
        if (asked != null) {
            // A path in the settings that was not taken yet must not win after this one.
            Manifest spent =
                    named == null ? manifest : manifest.withRestoreNonce(given.restore().nonce());
            return restore(spent, given, "somebody asked for it", new Restorable(asked, 0));
        }
        if (named != null && !given.restore().nonce().equals(manifest.restoreNonce())) {
            Manifest once = manifest.withRestoreNonce(given.restore().nonce());
            return restore(once, given, "flink-ha.restore.path names it", new Restorable(named, 0));
        }
        return byManifest(manifest, given);
    }

    private static Decision byManifest(Manifest manifest, Circumstances given) {
        boolean sameRevision = given.revision().equals(manifest.revision());
        JobResult result = manifest.result();
        Run run = manifest.run();
        PlanRef plan = manifest.plan();
        String damage = given.planDamage();
        boolean goesOn = given.resumed() && result != null && result.status() == Status.FAILED;
        boolean sameJob = sameRevision || isSameJob(manifest.revision(), given.revision());
        if (result != null && sameJob && !goesOn) {
            return halt(
                    manifest,
                    new Refusal.JobIsOver(
                            result.jobId(),
                            result.status(),
                            sameRevision,
                            manifest.parked() != null),
                    ExitCode.of(result));
        }
        if (run == null) {
            return !given.stockHaHasRun() || given.by(Strategy.NONE)
                    ? fresh(manifest, given, "nothing was ever stored for this cluster-id")
                    : refuse(manifest, new Refusal.StockHaHasRun());
        }
        if (result == null && sameRevision && plan != null && damage == null) {
            return new Decision(
                    new Start.Resume(
                            "same revision, plan intact",
                            run.jobId(),
                            run.jobName(),
                            plan,
                            manifest.reservedTo(),
                            manifest.checkpoints(),
                            manifest.restoredFrom(),
                            given.restore().allowOlderCheckpoint()),
                    manifest);
        }
        String why = whyNoResume(sameRevision, plan, result, damage);
        if (!sameJob && given.by(Strategy.NONE)) {
            return fresh(manifest, given, why + ", and flink-ha.restore.strategy is none");
        }
        if (result != null && manifest.isSavepointUnknown()) {
            return refuse(manifest, new Refusal.SavepointUnknown(result.jobId()));
        }
        if (result != null && result.discarded() && !result.hasSavepoint()) {
            return fresh(manifest, given, why + ", its checkpoints are deleted");
        }
        if (sameJob) {
            Restorable newest = manifest.newest();
            return newest == null
                    ? fresh(manifest, given, why + ", and no checkpoint was ever completed")
                    : restore(manifest, given, why, newest);
        }
        return ofEarlierRun(manifest, given, why);
    }

    private static Decision ofEarlierRun(Manifest manifest, Circumstances given, String why) {
        Restorable newest = manifest.newest();
        Savepoint savepoint = manifest.savepoint();
        Restorable chosen = newest;
        if (given.by(Strategy.LATEST_SAVEPOINT)) {
            chosen =
                    savepoint == null
                            ? null
                            : new Restorable(savepoint.path(), savepoint.completedAt());
        }
        if (chosen == null) {
            return newest == null
                    ? fresh(manifest, given, why + ", and no checkpoint was ever completed")
                    : refuse(manifest, new Refusal.NoSavepointKnown(newest.path()));
        }
        Refusal tooOld = tooOld(chosen, given);
        return tooOld == null ? restore(manifest, given, why, chosen) : refuse(manifest, tooOld);
    }

    private static @Nullable Refusal tooOld(Restorable chosen, Circumstances given) {
        Duration limit = given.restore().maxAge();
        if (limit == null) {
            return null;
        }
        boolean known = chosen.completedAt() > 0;
        Duration age = known ? Duration.ofMillis(given.wallMillis() - chosen.completedAt()) : null;
        return age != null && age.compareTo(limit) <= 0
                ? null
                : new Refusal.StateTooOld(chosen.path(), age, limit);
    }

    /** Never empty by accident. */
    private static Decision refuse(Manifest manifest, Refusal why) {
        return halt(manifest, why, ExitCode.REFUSED);
    }

    private static Decision halt(Manifest manifest, Refusal why, ExitCode code) {
        return new Decision(new Start.Halt(why, code), manifest);
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

    private static Decision fresh(Manifest manifest, Circumstances given, String reason) {
        String jobId = given.newJobId();
        Manifest started = startRun(manifest, given, null);
        return new Decision(new Start.Fresh(reason, jobId, started.reservedTo()), started);
    }

    private static Manifest startRun(
            Manifest manifest, Circumstances given, @Nullable RestoredFrom from) {
        Run run = new Run(given.newJobId(), "", manifest.epoch());
        return manifest.startRun(given.revision(), run, from);
    }

    private static Decision restore(
            Manifest manifest, Circumstances given, String reason, Restorable chosen) {
        RestoredFrom from =
                new RestoredFrom(
                        chosen.path(),
                        given.restore().claimMode(),
                        given.restore().allowNonRestoredState(),
                        chosen.completedAt(),
                        older(manifest, chosen));
        Manifest started = startRun(manifest, given, from);
        return new Decision(
                new Start.Restore(
                        reason,
                        given.newJobId(),
                        started.reservedTo(),
                        candidates(from, given),
                        from.claimMode(),
                        from.allowNonRestoredState()),
                started);
    }

    private static List<String> candidates(RestoredFrom from, Circumstances given) {
        List<String> paths = new ArrayList<>(List.of(from.path()));
        if (given.restore().allowOlderCheckpoint()) {
            paths.addAll(from.older());
        }
        return paths;
    }

    /** A start that came to no checkpoint of its own hands on what it was given. */
    private static List<String> older(Manifest manifest, Restorable chosen) {
        RestoredFrom before = manifest.restoredFrom();
        List<String> own =
                manifest.checkpoints().reversed().stream().map(Checkpoint::path).toList();
        if (own.isEmpty() && before != null && before.path().equals(chosen.path())) {
            return before.older();
        }
        int at = own.indexOf(chosen.path());
        return at < 0 ? List.of() : own.subList(at + 1, own.size());
    }
}
