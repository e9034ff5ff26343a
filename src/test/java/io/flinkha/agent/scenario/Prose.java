package io.flinkha.agent.scenario;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Restorable;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.Standing;
import io.flinkha.agent.core.restart.Start;
import io.flinkha.agent.sentences.Sentences;
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
            case Action.NameStandby named ->
                    named.name().isEmpty()
                            ? "says on the Lease that nobody stands by"
                            : "says on the Lease that %s stands by".formatted(named.name());
            case Action.CreateEmptyManifest create -> "creates an empty manifest";
            case Action.WriteManifest write -> "writes the manifest (" + of(write.manifest()) + ")";
            case Action.Publish publish ->
                    "publishes %s, epoch %d"
                            .formatted(publish.addresses().keySet(), publish.epoch());
            case Action.SignalJob signal -> "tells the Job: " + signal.signal();
            case Action.KillJobManager kill -> "has process %d killed".formatted(kill.start());
            case Action.TellSupervisor told -> of(told.standing());
            case Action.PutMark put -> "leaves the mark of epoch " + put.epoch();
            case Action.LookForMarks look -> "looks for marks in the storage";
            case Action.ReadCopies read -> "reads the copies in the storage";
            case Action.CommitCopy commit ->
                    "commits to the storage (" + of(commit.manifest()) + ")";
            case Action.ReadEnds read -> "";
            case Action.ReadLeaderAddresses read -> "";
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

    private static String of(Standing standing) {
        ExitCode end = standing.end();
        if (standing.hold()) {
            return "tells the supervisor to start no process";
        }
        if (standing.yields()) {
            return "tells the supervisor to let the pod go first that stands by";
        }
        return end == null ? "" : "tells the supervisor that %d is final".formatted(end.code());
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
            case Event.PublishFenced fenced -> "FENCED by epoch " + fenced.higherEpoch();
            default -> null;
        };
    }

    static String of(Reply reply) {
        return switch (reply) {
            case Reply.Wait wait -> "WAIT, " + Sentences.of(wait.reason());
            case Reply.Halt halt ->
                    "HALT %d, %s".formatted(halt.code(), Sentences.of(halt.refusal()));
            case Reply.Open open ->
                    "OPEN, epoch %d, %d ms left%s"
                            .formatted(open.epoch(), open.remainingMillis(), start(open.start()));
            case Reply.Done done -> "done";
            case Reply.Reserved reserved -> "ids below " + reserved.reservedTo();
            case Reply.StoredPlan stored -> "the plan " + stored.plan();
            case Reply.EarlierRuns left -> "earlier runs: " + left.runs();
            case Reply.ShutDown end -> "SHUTDOWN, " + end.reason();
            case Reply.Vanish end -> "VANISH, " + end.reason();
            case Reply.LeaderAddresses leader -> "the leader is " + leader.addresses();
            case Reply.Fenced fenced -> "FENCED, " + fenced.reason();
            case Reply.Refused refused -> "REFUSED, " + Sentences.of(refused.refusal());
            case Reply.Unavailable unavailable -> "UNAVAILABLE, " + unavailable.reason();
            case Reply.Unregistered unknown -> "UNREGISTERED";
        };
    }

    private static String start(@Nullable Start start) {
        return switch (start) {
            case null -> "";
            case Start.Fresh fresh -> ", FRESH: " + fresh.reason();
            case Start.Resume resume ->
                    ", RESUME from %s: %s"
                            .formatted(
                                    resume.checkpoints().isEmpty()
                                            ? "the start"
                                            : resume.checkpoints().getLast().path(),
                                    resume.reason());
            case Start.Restore restore ->
                    ", RESTORE from %s: %s".formatted(restore.candidates(), restore.reason());
            case Start.Halt halt -> ", HALT: " + Sentences.of(halt);
        };
    }

    static OptionalLong firstId(@Nullable Start start) {
        return switch (start) {
            case Start.Fresh fresh -> OptionalLong.of(fresh.reservedTo());
            case Start.Resume resume -> OptionalLong.of(resume.reservedTo());
            case Start.Restore restore -> OptionalLong.of(restore.reservedTo());
            case Start.Halt halt -> OptionalLong.empty();
            case null -> OptionalLong.empty();
        };
    }

    static String job(@Nullable Start start, String known) {
        return switch (start) {
            case Start.Fresh fresh -> fresh.jobId();
            case Start.Resume resume -> resume.jobId();
            case Start.Restore restore -> restore.jobId();
            case Start.Halt halt -> known;
            case null -> known;
        };
    }
}
