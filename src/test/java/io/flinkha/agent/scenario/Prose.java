package io.flinkha.agent.scenario;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.election.LeaseRecord;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Restorable;
import io.flinkha.agent.core.restart.BootPlan;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** How actions and replies read in a scenario; reads of the API server are not worth a line. */
final class Prose {
    private Prose() {}

    static String of(Action action) {
        return switch (action) {
            case Action.CreateEmptyLease create -> "creates an empty Lease";
            case Action.WriteLease write -> "writes the Lease (" + of(write.lease()) + ")";
            case Action.ReleaseLease release -> "releases the Lease (" + of(release.lease()) + ")";
            case Action.CreateEmptyManifest create -> "creates an empty manifest";
            case Action.WriteManifest write -> "writes the manifest (" + of(write.manifest()) + ")";
            case Action.Publish publish ->
                    "publishes %s, epoch %d".formatted(publish.leaders().keySet(), publish.epoch());
            case Action.SignalJob signal -> "tells the Job: " + signal.signal();
            case Action.ReadJob read -> "";
            case Action.ReadPod read -> "";
            case Action.ReadLease read -> "";
            case Action.ReadManifest read -> "";
            case Action.CheckPlan check -> "";
            case Action.LookForMirror look -> "";
            case Action.ProbeLock probe -> "";
            case Action.Answer answer -> "";
            case Action.Exit exit -> "";
        };
    }

    private static String of(LeaseRecord lease) {
        return "%s epoch %d, claimed %d%s"
                .formatted(
                        lease.held() ? lease.holder() : "nobody",
                        lease.epoch(),
                        lease.claimed(),
                        lease.released() > 0 ? ", released " + lease.released() : "");
    }

    private static String of(Manifest manifest) {
        StringBuilder text = new StringBuilder("epoch %d".formatted(manifest.epoch()));
        if (manifest.run() != null) {
            text.append(", run of epoch ").append(manifest.run().epoch());
        }
        if (manifest.plan() != null) {
            text.append(", plan");
        }
        Restorable newest = manifest.newest();
        if (newest != null) {
            text.append(", pointer ").append(newest.path());
        }
        if (manifest.reservedTo() > 1) {
            text.append(", ids below ").append(manifest.reservedTo());
        }
        if (manifest.result() != null) {
            text.append(", ").append(manifest.result().status());
        }
        return text.toString();
    }

    /** Null for a success. */
    static @Nullable String outcome(Event answer) {
        return switch (answer) {
            case Event.LeaseFailed failed -> failed.outcome().toString();
            case Event.ManifestFailed failed -> failed.outcome().toString();
            case Event.PublishFailed failed -> failed.outcome().toString();
            case Event.PublicationFenced fenced -> "FENCED by epoch " + fenced.higherEpoch();
            default -> null;
        };
    }

    static String of(Reply reply) {
        return switch (reply) {
            case Reply.Wait wait -> "WAIT, " + wait.reason();
            case Reply.Halt halt -> "HALT %d, %s".formatted(halt.code(), halt.reason());
            case Reply.Open open ->
                    "OPEN, epoch %d, %d ms left%s"
                            .formatted(open.epoch(), open.remainingMillis(), plan(open.plan()));
            case Reply.Done done -> "done";
            case Reply.Reserved reserved -> "ids below " + reserved.reservedTo();
            case Reply.StoredPlan stored -> "the plan " + stored.plan();
            case Reply.Leftovers left -> "leftovers: " + left.runs();
            case Reply.ShutDown end -> "SHUTDOWN, " + end.reason();
            case Reply.Vanish end -> "VANISH, " + end.reason();
            case Reply.Leader leader -> "the leader is " + leader.leaders();
            case Reply.Fenced fenced -> "FENCED, " + fenced.reason();
            case Reply.Refused refused -> "REFUSED, " + refused.reason();
            case Reply.Unavailable unavailable -> "UNAVAILABLE, " + unavailable.reason();
            case Reply.Unregistered unknown -> "UNREGISTERED";
        };
    }

    private static String plan(@Nullable BootPlan plan) {
        return switch (plan) {
            case null -> "";
            case BootPlan.Fresh fresh -> ", FRESH: " + fresh.reason();
            case BootPlan.Resume resume ->
                    ", RESUME from %s: %s"
                            .formatted(
                                    resume.checkpoints().isEmpty()
                                            ? "the start"
                                            : resume.checkpoints().getLast().path(),
                                    resume.reason());
            case BootPlan.Restore restore ->
                    ", RESTORE from %s: %s".formatted(restore.candidates(), restore.reason());
            case BootPlan.Halt halt -> ", HALT: " + halt.reason();
        };
    }

    static OptionalLong firstId(@Nullable BootPlan plan) {
        return switch (plan) {
            case BootPlan.Fresh fresh -> OptionalLong.of(fresh.reservedTo());
            case BootPlan.Resume resume -> OptionalLong.of(resume.reservedTo());
            case BootPlan.Restore restore -> OptionalLong.of(restore.reservedTo());
            case BootPlan.Halt halt -> OptionalLong.empty();
            case null -> OptionalLong.empty();
        };
    }

    static String job(@Nullable BootPlan plan, String known) {
        return switch (plan) {
            case BootPlan.Fresh fresh -> fresh.jobId();
            case BootPlan.Resume resume -> resume.jobId();
            case BootPlan.Restore restore -> restore.jobId();
            case BootPlan.Halt halt -> known;
            case null -> known;
        };
    }
}
