package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.port.ManifestMirror;
import io.flinkha.agent.port.Result;
import io.flinkha.agent.port.StorageFailure;
import io.flinkha.agent.port.Witness;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries out actions, off the loop's thread, and turns each result into an event.
 *
 * <p>A thread that hangs in a call that the core has given up is left to its own timeout: its
 * answer comes too late and is dropped by its call id. What it writes late is held up by the
 * version that every write names.
 */
final class ActionDispatcher {
    private static final Logger LOG = Logger.getLogger(ActionDispatcher.class);

    private final Ports ports;
    private final Consumer<Event> events;
    private final ExecutorService threads =
            Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "flink-ha-port");
                thread.setDaemon(true);
                return thread;
            });

    ActionDispatcher(Ports ports, Consumer<Event> events) {
        this.ports = ports;
        this.events = events;
    }

    void dispatch(Action action) {
        threads.execute(() -> {
            try {
                Event event = perform(action);
                if (event != null) {
                    events.accept(event);
                }
            } catch (IOException | RuntimeException e) {
                LOG.errorf("A port failed in a way that has no name: %s: %s", action, e);
                events.accept(
                        new Event.AdapterFailed(action.getClass().getSimpleName(), e.toString()));
            }
        });
    }

    /** Null where the core asks for no answer. */
    private @Nullable Event perform(Action action) throws IOException {
        return switch (action) {
            case Action.ReadLease read ->
                    ports.lease()
                            .read()
                            .fold(
                                    found -> new Event.LeaseRead(read.call(), found.orElse(null)),
                                    leaseFailed(read.call()));
            case Action.CreateEmptyLease create ->
                    leaseWritten(create.call(), ports.lease().createEmpty());
            case Action.WriteLease write ->
                    leaseWritten(write.call(), ports.lease().write(write.lease()));
            case Action.ReleaseLease release ->
                    leaseWritten(release.call(), ports.lease().write(release.lease()));
            case Action.NameStandby named ->
                    leaseWritten(
                            named.call(), ports.lease().nameStandby(named.lease(), named.name()));
            case Action.ReadManifest read -> readManifest(read.call());
            case Action.CreateEmptyManifest create ->
                    manifestWritten(create.call(), ports.manifest().createEmpty());
            case Action.WriteManifest write ->
                    manifestWritten(
                            write.call(),
                            ports.manifest().write(write.manifest(), write.version()));
            case Action.CheckPlan check ->
                    ofStorage(
                            check.call(),
                            () ->
                                    new Event.PlanChecked(
                                            check.call(),
                                            check.plan().sha256(),
                                            ports.plans().damage(check.plan()).orElse(null)));
            case Action.LookForMirror look ->
                    ofStorage(look.call(), () -> lookForMirror(look.call()));
            case Action.ToWitness asked -> witness(asked);
            case Action.Publish publish -> publish(publish);
            case Action.ReadLeaderAddresses read -> readLeaderAddresses(read.call());
            case Action.ReadJob read -> job(read.call(), ports.job().read());
            case Action.SignalJob signal ->
                    job(
                            signal.call(),
                            ports.job().send(signal.signal(), signal.seen()).map(Optional::of));
            case Action.ReadPod read ->
                    ports.pods()
                            .read(read.name())
                            .fold(
                                    pod ->
                                            new Event.PodRead(
                                                    read.call(), read.name(), pod.orElse(null)),
                                    (outcome, reason) ->
                                            new Event.PodFailed(read.call(), outcome, reason));
            case Action.ProbeLock probe -> new Event.LockProbed(ports.lock().probe());
            case Action.ReadEnds read -> new Event.EndsRead(read.call(), ports.supervisor().ends());
            case Action.KillJobManager kill -> {
                var unused = ports.supervisor().kill(kill.start());
                yield null;
            }
            case Action.TellSupervisor told -> {
                ports.supervisor().tell(told.standing());
                yield null;
            }
            case Action.Answer answer -> throw new IllegalArgumentException("" + answer);
            case Action.Exit exit -> throw new IllegalArgumentException("" + exit);
        };
    }

    private static BiFunction<Outcome, String, Event> leaseFailed(long call) {
        return (outcome, reason) -> new Event.LeaseFailed(call, outcome, reason);
    }

    private static BiFunction<Outcome, String, Event> manifestFailed(long call) {
        return (outcome, reason) -> new Event.ManifestFailed(call, outcome, reason);
    }

    private static Event leaseWritten(long call, Result<LeaseRecord> result) {
        return result.fold(lease -> new Event.LeaseWritten(call, lease), leaseFailed(call));
    }

    /**
     * The leader ConfigMap is the third witness. It is read first: a claim that lands between the
     * two reads must not look like a manifest that was lost.
     */
    private Event readManifest(long call) {
        return ports.leaderAddresses()
                .witness()
                .fold(
                        witness ->
                                ports.manifest()
                                        .read()
                                        .fold(
                                                view ->
                                                        new Event.ManifestRead(
                                                                call,
                                                                view,
                                                                witness.epoch(),
                                                                witness.stock()),
                                                manifestFailed(call)),
                        manifestFailed(call));
    }

    private static Event manifestWritten(long call, Result<String> written) {
        return written.fold(
                version -> new Event.ManifestWritten(call, version), manifestFailed(call));
    }

    private Event readLeaderAddresses(long call) {
        return ports.leaderAddresses()
                .leader()
                .fold(
                        leader ->
                                new Event.AddressesRead(call, leader.addresses(), leader.session()),
                        (outcome, reason) -> new Event.PublishFailed(call, outcome, reason));
    }

    private Event publish(Action.Publish publish) {
        return ports.leaderAddresses()
                .publish(publish.epoch(), publish.session(), publish.addresses(), publish.keep())
                .fold(
                        epoch ->
                                epoch > publish.epoch()
                                        ? new Event.PublishFenced(publish.call(), epoch)
                                        : new Event.Published(publish.call()),
                        (outcome, reason) ->
                                new Event.PublishFailed(publish.call(), outcome, reason));
    }

    private Event lookForMirror(long call) throws IOException {
        String newest = ports.mirror().newest().orElse(null);
        return new Event.MirrorLookedFor(
                call, newest, newest == null ? 0 : ManifestMirror.epoch(newest));
    }

    private Event witness(Action.ToWitness asked) {
        long call = asked.call();
        try {
            return switch (asked) {
                case Action.PutMark put -> marks(call, ports.witness().mark(put.epoch(), put.by()));
                case Action.LookForMarks look -> marks(call, ports.witness().look(look.epoch()));
                case Action.ReadCopies read -> {
                    Witness.Copies copies = ports.witness().copies();
                    yield new Event.CopiesRead(call, copies.newest(), copies.unverified());
                }
                case Action.CommitCopy commit -> {
                    Witness.Marks marks = ports.witness().commit(commit.manifest());
                    yield new Event.CopyCommitted(call, marks.mine(), marks.highest());
                }
            };
        } catch (IOException e) {
            return new Event.WitnessFailed(call, StorageFailure.sentence(e));
        }
    }

    private static Event marks(long call, Witness.Marks marks) {
        return new Event.MarksSeen(call, marks.mine(), marks.highest());
    }

    private static Event job(long call, Result<Optional<JobView>> result) {
        return result.fold(
                job -> new Event.JobRead(call, job.orElse(null)),
                (outcome, reason) -> new Event.JobFailed(call, outcome, reason));
    }

    private interface StorageLook {
        Event look() throws IOException;
    }

    private static Event ofStorage(long call, StorageLook storage) {
        try {
            return storage.look();
        } catch (IOException e) {
            String sentence = StorageFailure.sentence(e);
            LOG.warnf("The storage does not answer, it is asked again: %s", sentence);
            return new Event.StorageUnreachable(call, sentence);
        }
    }
}
