package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.StockHa;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.PodView;
import io.flinkha.agent.core.restart.ProcessEnd;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Something that happened outside of the core. */
public sealed interface Event {

    /** Time has passed. */
    record Tick() implements Event {}

    /** SIGTERM: the kubelet ends a sidecar after the main container. */
    record StopRequested(String reason) implements Event {}

    /** Something that has no name failed; leading on would be guessing. */
    record AdapterFailed(String port, String reason) implements Event {}

    /** The supervisor's record of the JobManager's ends was read. */
    record EndsRead(long call, List<ProcessEnd> ends) implements Event {
        public EndsRead {
            ends = List.copyOf(ends);
        }
    }

    /** The lock file was looked at. */
    record LockProbed(Lock lock) implements Event {}

    /** Answers of the Lease port; {@code call} is the id of the request. */
    sealed interface LeaseEvent extends Event {
        long call();
    }

    /** {@code lease} is null if the object does not exist. */
    record LeaseRead(long call, @Nullable LeaseRecord lease) implements LeaseEvent {}

    /** Created, written or released; {@code lease} carries the new version. */
    record LeaseWritten(long call, LeaseRecord lease) implements LeaseEvent {}

    /** It may have another holder by now, as a watch says, which proves nothing. */
    record LeaseHinted() implements Event {}

    record LeaseFailed(long call, Outcome outcome, String reason) implements LeaseEvent {}

    /** Answers of the manifest port. */
    sealed interface ManifestEvent extends Event {
        long call();
    }

    /**
     * The leader ConfigMap is read along with it, as the third witness; its epoch is 0 if there is
     * none.
     */
    record ManifestRead(long call, ManifestView view, long publishedEpoch, StockHa stock)
            implements ManifestEvent {}

    record ManifestWritten(long call, String version) implements ManifestEvent {}

    record ManifestFailed(long call, Outcome outcome, String reason) implements ManifestEvent {}

    /**
     * The stored plan was read and hashed; {@code damage} is null if it is what its reference says.
     */
    record PlanChecked(long call, String sha256, @Nullable String damage) implements Event {}

    /** The storage did not answer; the look at it is repeated. */
    record StorageUnreachable(long call, String reason) implements Event {}

    /** The newest mirror of a manifest in storage, by its name; null, and epoch 0, if none is. */
    record MirrorLookedFor(long call, @Nullable String newest, long epoch) implements Event {}

    /** The storage was seen to do all that a witness has to. */
    record StorageProven() implements Event {}

    /** Answers of the storage as a witness. */
    sealed interface WitnessEvent extends Event {
        long call();
    }

    /**
     * The marks, as a listing after the write or the look had them.
     *
     * @param mine whether the mark of the epoch that was asked for is there and one's own
     * @param highest epoch of all marks, 0 if there is none
     */
    record MarksSeen(long call, boolean mine, long highest) implements WitnessEvent {}

    /**
     * The copies of the manifest.
     *
     * @param newest the newest one that this cluster-id's key vouches for, null if none
     * @param unverified names of newer ones that it does not vouch for
     */
    record CopiesRead(long call, @Nullable Manifest newest, List<String> unverified)
            implements WitnessEvent {
        public CopiesRead {
            unverified = List.copyOf(unverified);
        }
    }

    /** The copy lies there, and then the marks were as said. */
    record CopyCommitted(long call, boolean mine, long highest) implements WitnessEvent {}

    record WitnessFailed(long call, String reason) implements WitnessEvent {}

    /** Answers of the port of the leader addresses. */
    sealed interface AddressesEvent extends Event {
        long call();
    }

    record Published(long call) implements AddressesEvent {}

    /** {@code session} is null if nobody has published any. */
    record AddressesRead(long call, Map<String, String> addresses, @Nullable UUID session)
            implements AddressesEvent {
        public AddressesRead {
            addresses = Map.copyOf(addresses);
        }
    }

    record PublishFailed(long call, Outcome outcome, String reason) implements AddressesEvent {}

    /** The leader ConfigMap is of a higher epoch. */
    record PublishFenced(long call, long higherEpoch) implements AddressesEvent {}

    /** Answers of the Job port. */
    sealed interface JobEvent extends Event {
        long call();
    }

    /** What the Job says, read or after a patch; null if there is none. */
    record JobRead(long call, @Nullable JobView job) implements JobEvent {}

    record JobFailed(long call, Outcome outcome, String reason) implements JobEvent {}

    /** Answers of the pod port. */
    sealed interface PodEvent extends Event {
        long call();
    }

    /** {@code pod} is null if there is none of this name. */
    record PodRead(long call, String name, @Nullable PodView pod) implements PodEvent {}

    record PodFailed(long call, Outcome outcome, String reason) implements PodEvent {}

    /**
     * Calls of the JobManager; {@code request} is answered by exactly one {@link Action.Answer}.
     */
    sealed interface Request extends Event {
        long request();
    }

    record Registered(long request, Registration registration) implements Request {}

    /**
     * A poll.
     *
     * @param epoch 0 for a process that serves none yet
     * @param hung what in it does not answer, and for how long; empty if all does
     * @param progressMillis without a completed checkpoint after which there is no progress; 0 for
     *     no limit
     */
    record GatePolled(long request, String jm, long epoch, String hung, long progressMillis)
            implements Request {
        public GatePolled(long request, String jm, long epoch) {
            this(request, jm, epoch, "", 0);
        }
    }

    record AddressesOffered(long request, String jm, long epoch, Map<String, String> addresses)
            implements Request {
        public AddressesOffered {
            addresses = Map.copyOf(addresses);
        }
    }

    record ChangeOffered(long request, String jm, long epoch, Change change) implements Request {}

    record AddressesAsked(long request) implements Request {}

    /** What of the runs before this one may be deleted? */
    record EarlierRunsAsked(long request, String jm, long epoch, String jobId) implements Request {}

    /** The job could not even be initialised; the process ends, and is started again. */
    record StartFailed(long request, String jm, long epoch, String reason) implements Request {}

    /** The process was asked to end by SIGTERM: in order, or at once? */
    record TermAsked(long request, String jm, long epoch) implements Request {}

    /** The process that runs the plan wants its bytes. */
    record PlanAsked(long request, String jm, long epoch, String jobId) implements Request {}
}
