package io.flinkha.agent.core.manifest;

import io.flinkha.agent.core.manifest.Change.AddCheckpoint;
import io.flinkha.agent.core.manifest.Change.DropPlan;
import io.flinkha.agent.core.manifest.Change.RecordRestore;
import io.flinkha.agent.core.manifest.Change.RecordResult;
import io.flinkha.agent.core.manifest.Change.RecordSavepoint;
import io.flinkha.agent.core.manifest.Change.RecordSweep;
import io.flinkha.agent.core.manifest.Change.ReserveIds;
import io.flinkha.agent.core.manifest.Change.RetireRuns;
import io.flinkha.agent.core.manifest.Change.StorePlan;
import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import java.util.ArrayList;
import java.util.List;

/** Applies a change to a manifest, or says why it is refused. */
public final class ManifestRules {
    private ManifestRules() {}

    public sealed interface Applied {
        /** The manifest after the change; the same object if there was nothing to change. */
        record Ok(Manifest manifest) implements Applied {}

        /** Definitely not done. */
        record Refused(ChangeRefusal refusal) implements Applied {}
    }

    public static Applied apply(Manifest manifest, Change change) {
        return switch (change) {
            case AddCheckpoint add -> addCheckpoint(manifest, add);
            case ReserveIds reserve -> reserveIds(manifest, reserve);
            case StorePlan store -> storePlan(manifest, store);
            case DropPlan drop -> dropPlan(manifest, drop);
            case RecordRestore restore -> recordRestore(manifest, restore);
            case RecordSavepoint record -> recordSavepoint(manifest, record.savepoint());
            case RetireRuns retire -> retireRuns(manifest, retire.keep());
            case RecordSweep sweep -> recordSweep(manifest, sweep);
            case RecordResult result -> recordResult(manifest, result);
        };
    }

    private static Applied addCheckpoint(Manifest manifest, AddCheckpoint add) {
        Checkpoint added = add.checkpoint();
        if (otherJob(manifest, add.jobId())) {
            return refuseJob(manifest, add.jobId());
        }
        JobResult result = manifest.result();
        if (result != null && result.discarded()) {
            // Flink deletes it with the others. It would at once if this was refused, while the
            // API server may still name it: the result is not committed yet.
            return new Applied.Ok(manifest);
        }
        if (add.maxRetained() < 1) {
            return refused(new ChangeRefusal.NothingRetained(add.maxRetained()));
        }
        for (Checkpoint known : manifest.checkpoints()) {
            if (known.id() == added.id()) {
                return known.path().equals(added.path())
                        ? new Applied.Ok(manifest)
                        : refused(
                                new ChangeRefusal.CheckpointElsewhere(
                                        added.id(), known.path(), added.path()));
            }
        }
        if (!manifest.checkpoints().isEmpty()
                && added.id() < manifest.checkpoints().getLast().id()) {
            return refused(
                    new ChangeRefusal.CheckpointTooOld(
                            added.id(), manifest.checkpoints().getLast().id()));
        }
        List<Checkpoint> list = new ArrayList<>(manifest.checkpoints());
        list.add(added);
        return new Applied.Ok(
                dropClaimed(manifest)
                        .withCheckpoints(
                                list.subList(
                                        Math.max(0, list.size() - add.maxRetained()),
                                        list.size())));
    }

    /**
     * Flink deletes a claimed state as soon as it has a checkpoint of its own, and with it what
     * others of the same run share with it; nothing may be named that it deletes.
     */
    private static Manifest dropClaimed(Manifest manifest) {
        RestoredFrom from = manifest.restoredFrom();
        if (from == null) {
            return manifest;
        }
        if (from.claimMode() != ClaimMode.CLAIM) {
            return manifest.withRestoredFrom(from.withoutOlder());
        }
        Savepoint savepoint = manifest.savepoint();
        return manifest.withRestoredFrom(null)
                .withSavepoint(savepoint != null && from.is(savepoint.path()) ? null : savepoint)
                .withEarlierRuns(
                        manifest.earlierRuns().stream()
                                .map(run -> holds(run, from) ? run.retire() : run)
                                .toList());
    }

    private static boolean holds(EarlierRun run, RestoredFrom from) {
        return run.isKept()
                && (from.is(run.path()) || from.path().contains("/" + run.jobId() + "/"));
    }

    private static Applied reserveIds(Manifest manifest, ReserveIds reserve) {
        if (reserve.reservedTo() > manifest.reservedTo()) {
            return refused(
                    new ChangeRefusal.IdsNeverHandedOut(
                            reserve.reservedTo(), manifest.reservedTo()));
        }
        if (reserve.count() < 1 || reserve.count() > 10_000) {
            return refused(new ChangeRefusal.OddCountOfIds(reserve.count()));
        }
        if (reserve.reservedTo() < manifest.reservedTo()) {
            return new Applied.Ok(manifest);
        }
        return new Applied.Ok(manifest.withReservedTo(manifest.reservedTo() + reserve.count()));
    }

    private static Applied storePlan(Manifest manifest, StorePlan store) {
        if (otherJob(manifest, store.jobId())) {
            return refuseJob(manifest, store.jobId());
        }
        Run run = manifest.run();
        if (run == null) {
            return refused(new ChangeRefusal.NoRunForPlan());
        }
        if (store.plan().equals(manifest.plan()) && run.jobName().equals(store.jobName())) {
            return new Applied.Ok(manifest);
        }
        return new Applied.Ok(manifest.withPlan(run.named(store.jobName()), store.plan()));
    }

    private static Applied dropPlan(Manifest manifest, DropPlan drop) {
        if (manifest.plan() == null || otherJob(manifest, drop.jobId())) {
            return new Applied.Ok(manifest);
        }
        return new Applied.Ok(manifest.withPlan(manifest.run(), null));
    }

    private static Applied recordRestore(Manifest manifest, RecordRestore restore) {
        if (manifest.checkpoints().stream().anyMatch(own -> own.path().equals(restore.path()))) {
            // The newer ones cannot be read; the next own checkpoint takes their place.
            return new Applied.Ok(manifest);
        }
        RestoredFrom from = manifest.restoredFrom();
        if (from == null || !manifest.checkpoints().isEmpty()) {
            return refused(new ChangeRefusal.OtherRestore(restore.path()));
        }
        if (from.path().equals(restore.path())) {
            return new Applied.Ok(manifest);
        }
        // The run that it is of is kept for this state, not for the one that is lost.
        return new Applied.Ok(
                manifest.withRestoredFrom(from.at(restore.path()))
                        .withEarlierRuns(
                                manifest.earlierRuns().stream()
                                        .map(run ->
                                                run.path().equals(from.path())
                                                        ? run.at(restore.path())
                                                        : run)
                                        .toList()));
    }

    private static Applied recordSavepoint(Manifest manifest, Savepoint savepoint) {
        if (otherJob(manifest, savepoint.jobId())) {
            return refuseJob(manifest, savepoint.jobId());
        }
        Savepoint known = manifest.savepoint();
        return new Applied.Ok(
                known != null && known.completedAt() >= savepoint.completedAt()
                        ? manifest
                        : manifest.withSavepoint(savepoint));
    }

    private static Applied retireRuns(Manifest manifest, int keep) {
        if (manifest.checkpoints().isEmpty()) {
            return refused(new ChangeRefusal.NoCheckpointYet());
        }
        List<EarlierRun> runs = new ArrayList<>();
        int kept = 0;
        for (EarlierRun run : manifest.earlierRuns().reversed()) {
            if (run.isKept() && kept >= keep) {
                runs.addFirst(run.retire());
            } else {
                runs.addFirst(run);
                kept += run.isKept() ? 1 : 0;
            }
        }
        return new Applied.Ok(manifest.withEarlierRuns(runs));
    }

    private static Applied recordSweep(Manifest manifest, RecordSweep sweep) {
        List<EarlierRun> runs = new ArrayList<>();
        for (EarlierRun run : manifest.earlierRuns()) {
            if (!sweep.jobIds().contains(run.jobId())) {
                runs.add(run);
            } else if (run.isKept()) {
                runs.add(run.afterSweep());
            }
        }
        return new Applied.Ok(manifest.withEarlierRuns(runs));
    }

    private static Applied recordResult(Manifest manifest, RecordResult record) {
        JobResult result = record.result();
        if (otherJob(manifest, result.jobId())) {
            return refuseJob(manifest, result.jobId());
        }
        JobResult known = manifest.result();
        if (known != null) {
            return known.status() == result.status()
                    ? new Applied.Ok(manifest)
                    : refused(
                            new ChangeRefusal.EndedOtherwise(
                                    result.jobId(), known.status(), result.status()));
        }
        Manifest ended = (result.discarded() ? dropClaimed(manifest) : manifest).withResult(result);
        return new Applied.Ok(
                result.hasSavepoint()
                        ? ended.withSavepoint(
                                new Savepoint(
                                        result.jobId(), result.savepoint(), result.timeMillis()))
                        : ended);
    }

    private static boolean otherJob(Manifest manifest, String jobId) {
        Run run = manifest.run();
        return run == null || !run.jobId().equals(jobId);
    }

    private static Applied refuseJob(Manifest manifest, String jobId) {
        Run run = manifest.run();
        return refused(new ChangeRefusal.OtherJob(jobId, run == null ? null : run.jobId()));
    }

    private static Applied refused(ChangeRefusal why) {
        return new Applied.Refused(why);
    }
}
