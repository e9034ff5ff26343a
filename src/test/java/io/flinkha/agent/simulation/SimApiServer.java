package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.StockHa;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.PodView;
import io.flinkha.agent.core.restart.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lease, manifest and leader ConfigMap with compare-and-swap on resourceVersion, and what people do
 * to them behind an agent's back.
 */
public final class SimApiServer {
    private final List<Manifest> written = new ArrayList<>();
    private final Consumer<Manifest> onManifest;
    private Runnable onTaking = () -> {};
    private Runnable onHolder = () -> {};
    private long version;
    private final Map<String, PodView> pods = new HashMap<>();
    private final List<Signal> signals = new ArrayList<>();
    private @Nullable JobView job =
            new JobView("job-uid-1", "0", false, false, false, 0, Integer.MAX_VALUE, null, false);
    private @Nullable LeaseRecord lease;
    private ManifestView manifest = new ManifestView.Absent();
    private long publishedEpoch;
    private StockHa stock = StockHa.NONE;
    private @Nullable String mirror;
    private long mirrorEpoch;
    private Map<String, String> leaderAddresses = Map.of();

    public SimApiServer() {
        this(manifest -> {});
    }

    /**
     * An empty one.
     *
     * @param onManifest sees each manifest that an agent writes, before it is stored
     */
    public SimApiServer(Consumer<Manifest> onManifest) {
        this.onManifest = onManifest;
    }

    /** What Flink's own HA left in the leader ConfigMap. */
    public void leaveStock(StockHa left) {
        stock = left;
    }

    /** A copy of a manifest in the storage. */
    public void leaveMirror(String name, long epoch) {
        mirror = name;
        mirrorEpoch = epoch;
    }

    /** Carries out one request, at once and whole; null for an action that is none. */
    public @Nullable Event perform(Action action) {
        return switch (action) {
            case Action.ReadLease read -> new Event.LeaseRead(read.call(), lease);
            case Action.CreateEmptyLease create -> createEmpty(create.call());
            case Action.WriteLease write -> write(write.call(), write.lease());
            case Action.ReleaseLease release -> write(release.call(), release.lease());
            case Action.NameStandby named -> name(named);
            case Action.ReadLeaderAddresses read ->
                    new Event.AddressesRead(read.call(), leaderAddresses, null);
            case Action.ReadManifest read ->
                    new Event.ManifestRead(read.call(), manifest, publishedEpoch, stock);
            case Action.CreateEmptyManifest create -> createManifest(create.call(), Manifest.EMPTY);
            case Action.WriteManifest write -> write(write);
            case Action.ReadJob read -> new Event.JobRead(read.call(), job);
            case Action.SignalJob signal -> signal(signal);
            case Action.ReadPod read ->
                    new Event.PodRead(read.call(), read.name(), pods.get(read.name()));
            case Action.Publish publish -> publish(publish);
            case Action.CheckPlan check ->
                    new Event.PlanChecked(check.call(), check.plan().sha256(), null);
            case Action.LookForMirror look ->
                    new Event.MirrorLookedFor(
                            look.call(), mirror, mirror == null ? 0 : mirrorEpoch);
            case Action.ToWitness asked -> null;
            case Action.ProbeLock probe -> null;
            case Action.ReadEnds read -> new Event.EndsRead(read.call(), List.of());
            case Action.KillJobManager kill -> null;
            case Action.TellSupervisor told -> null;
            case Action.Answer answer -> null;
            case Action.Exit exit -> null;
        };
    }

    /** Sees each Lease write of an epoch that is not claimed yet: the weakest moment there is. */
    void onTaking(Runnable listener) {
        onTaking = listener;
    }

    /** What a watch of the Lease would tell. */
    void onHolder(Runnable listener) {
        onHolder = listener;
    }

    private Event name(Action.NameStandby named) {
        LeaseRecord known = lease;
        if (known == null || !known.version().equals(named.lease().version())) {
            return new Event.LeaseFailed(named.call(), Outcome.CONFLICT, "it changed");
        }
        LeaseRecord stored = known.withStandby(named.name()).withVersion(nextVersion());
        lease = stored;
        return new Event.LeaseWritten(named.call(), stored);
    }

    private Event createEmpty(long call) {
        if (lease != null) {
            return new Event.LeaseFailed(call, Outcome.CONFLICT, "it exists");
        }
        return new Event.LeaseWritten(call, replaceLease());
    }

    private Event write(long call, LeaseRecord next) {
        LeaseRecord known = lease;
        if (known == null) {
            return new Event.LeaseFailed(call, Outcome.NOT_FOUND, "there is none");
        }
        if (!known.version().equals(next.version())) {
            return new Event.LeaseFailed(call, Outcome.CONFLICT, "it changed");
        }
        LeaseRecord stored = next.withWishes(known.wishes()).withVersion(nextVersion());
        lease = stored;
        if (!stored.holder().equals(known.holder())) {
            onHolder.run();
        }
        if (stored.held() && stored.claimed() < stored.epoch()) {
            onTaking.run();
        }
        return new Event.LeaseWritten(call, stored);
    }

    /** Agents create it empty; with content only where that rule is switched off. */
    Event createManifest(long call, Manifest content) {
        if (manifestVersion() != null) {
            return new Event.ManifestFailed(call, Outcome.CONFLICT, "it exists");
        }
        if (content.equals(Manifest.EMPTY)) {
            String next = nextVersion();
            manifest = new ManifestView.Present(content, next);
            return new Event.ManifestWritten(call, next);
        }
        return store(call, content);
    }

    private Event write(Action.WriteManifest write) {
        String known = manifestVersion();
        if (!write.version().equals(known)) {
            Outcome outcome = known == null ? Outcome.NOT_FOUND : Outcome.CONFLICT;
            return new Event.ManifestFailed(write.call(), outcome, "it changed");
        }
        return store(write.call(), write.manifest());
    }

    private Event store(long call, Manifest content) {
        onManifest.accept(content);
        written.add(content);
        String next = nextVersion();
        manifest = new ManifestView.Present(content, next);
        return new Event.ManifestWritten(call, next);
    }

    private Event publish(Action.Publish publish) {
        if (publishedEpoch > publish.epoch()) {
            return new Event.PublishFenced(publish.call(), publishedEpoch);
        }
        publishedEpoch = publish.epoch();
        leaderAddresses = publish.addresses();
        return new Event.Published(publish.call());
    }

    private Event signal(Action.SignalJob action) {
        JobView known = job;
        if (known == null || !known.equals(action.seen())) {
            Outcome outcome = known == null ? Outcome.NOT_FOUND : Outcome.CONFLICT;
            return new Event.JobFailed(action.call(), outcome, "it changed");
        }
        signals.add(action.signal());
        boolean fails = action.signal() instanceof Signal.FailJob;
        JobView told =
                put(
                        known,
                        known.suspended() || action.signal() instanceof Signal.Park,
                        fails ? known.failed() : known.backoffLimit(),
                        known.resumedAt(),
                        known.shownSuspended());
        return new Event.JobRead(action.call(), told);
    }

    private JobView put(
            JobView known,
            boolean suspended,
            int limit,
            @Nullable String resumedAt,
            boolean shownSuspended) {
        JobView next =
                new JobView(
                        known.uid(),
                        nextVersion(),
                        suspended,
                        known.deleting(),
                        known.over(),
                        known.failed(),
                        limit,
                        resumedAt,
                        shownSuspended);
        job = next;
        return next;
    }

    /** A person sets {@code suspend}. */
    public void suspend(boolean suspended) {
        JobView known = job();
        put(known, suspended, known.backoffLimit(), known.resumedAt(), known.shownSuspended());
    }

    /** The Job controller follows: the condition says what the spec does. */
    public void showSuspension(String at) {
        JobView known = job();
        boolean suspended = known.suspended();
        if (suspended != known.shownSuspended()) {
            put(known, suspended, known.backoffLimit(), suspended ? null : at, suspended);
        }
    }

    /** For a test that knows that there is one. */
    public JobView job() {
        JobView known = job;
        if (known == null) {
            throw new AssertionError("there is no Job");
        }
        return known;
    }

    /** What the Job was told, in order. */
    public List<Signal> signals() {
        return signals;
    }

    public void putJob(@Nullable JobView view) {
        job = view;
    }

    /** Null: there is no pod of this name. */
    public void putPod(String name, @Nullable PodView view) {
        if (view == null) {
            pods.remove(name);
        } else {
            pods.put(name, view);
        }
    }

    /** Over whatever is there. */
    @Nullable Event writeBlindly(Action.WriteManifest write) {
        String known = manifestVersion();
        return known == null
                ? createManifest(write.call(), write.manifest())
                : perform(new Action.WriteManifest(write.call(), write.manifest(), known));
    }

    private @Nullable String manifestVersion() {
        return switch (manifest) {
            case ManifestView.Absent absent -> null;
            case ManifestView.Present present -> present.version();
            case ManifestView.Garbled garbled -> garbled.version();
            case ManifestView.Newer newer -> newer.version();
        };
    }

    private String nextVersion() {
        return Long.toString(++version);
    }

    public @Nullable LeaseRecord lease() {
        return lease;
    }

    public ManifestView manifest() {
        return manifest;
    }

    /** What is stored, for a test that knows that something is. */
    public Manifest stored() {
        if (manifest instanceof ManifestView.Present present) {
            return present.manifest();
        }
        throw new AssertionError("there is no manifest, but " + manifest);
    }

    public long publishedEpoch() {
        return publishedEpoch;
    }

    public Map<String, String> leaderAddresses() {
        return leaderAddresses;
    }

    /** Each manifest that an agent wrote, in order. */
    public List<Manifest> written() {
        return written;
    }

    public void deleteLease() {
        lease = null;
    }

    /** {@code kubectl patch lease … holderIdentity=""}: the annotations stay. */
    public void clearHolder() {
        LeaseRecord known = lease;
        if (known != null) {
            lease =
                    new LeaseRecord(
                            "",
                            known.nonce(),
                            known.epoch(),
                            known.claimed(),
                            known.released(),
                            known.durationSeconds(),
                            known.holdSeconds(),
                            known.standby(),
                            known.ended(),
                            known.wishes(),
                            nextVersion());
        }
    }

    /** A person writes on the Lease; returns whether there is one. */
    public boolean wish(Wishes wishes) {
        LeaseRecord known = lease;
        if (known != null) {
            lease = known.withWishes(wishes).withVersion(nextVersion());
        }
        return known != null;
    }

    /** Deleted and applied again from {@code deploy/}: nothing is left of it. */
    public LeaseRecord replaceLease() {
        LeaseRecord empty = new LeaseRecord("", "", 0, 0, 0, 0, nextVersion());
        lease = empty;
        return empty;
    }

    public void putLease(LeaseRecord record) {
        lease = record.withVersion(nextVersion());
    }

    public void deleteManifest() {
        manifest = new ManifestView.Absent();
    }

    /** Someone puts an older or a newer manifest in its place. */
    public void putManifest(Manifest content) {
        manifest = new ManifestView.Present(content, nextVersion());
    }

    public void putManifestOfNewerAgent() {
        manifest = new ManifestView.Newer("it is of version 2", nextVersion());
    }

    public void garbleManifest() {
        manifest = new ManifestView.Garbled("it is not JSON", nextVersion());
    }

    /** As client-go does it, and as this protocol must not. */
    Event createHeld(long call, LeaseRecord held) {
        if (lease != null) {
            return new Event.LeaseFailed(call, Outcome.CONFLICT, "it exists");
        }
        LeaseRecord created = held.withVersion(nextVersion());
        lease = created;
        return new Event.LeaseWritten(call, created);
    }

    /** {@code kubectl delete configmap}: addresses and epoch are gone. */
    public void deleteLeaderConfigMap() {
        publishedEpoch = 0;
        leaderAddresses = Map.of();
    }

    public void putPublishedEpoch(long epoch) {
        publishedEpoch = epoch;
    }
}
