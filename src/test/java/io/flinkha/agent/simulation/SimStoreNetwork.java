package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.manifest.Manifest;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Between a pod and the storage; a put and the look after it are two requests. */
final class SimStoreNetwork {
    private final SimPod pod;
    private final SimWorld world;

    SimStoreNetwork(SimPod pod) {
        this.pod = pod;
        this.world = pod.world;
    }

    void send(Action.ToWitness action, Consumer<Event> replies) {
        SimStore store = world.store;
        Mutation mutation = world.mutation;
        long call = action.call();
        switch (action) {
            case Action.PutMark put ->
                    request(
                            call,
                            true,
                            () -> mutation.putMark(store, put),
                            replies,
                            mine ->
                                    request(
                                            call,
                                            false,
                                            () ->
                                                    new Event.MarksSeen(
                                                            call,
                                                            mine && store.hasMark(put.epoch()),
                                                            store.highestMark()),
                                            replies,
                                            seen -> reply(seen, replies)));
            case Action.LookForMarks look ->
                    request(
                            call,
                            false,
                            () ->
                                    new Event.MarksSeen(
                                            call, store.hasMark(look.epoch()), store.highestMark()),
                            replies,
                            seen -> reply(seen, replies));
            case Action.ReadCopies read ->
                    request(
                            call,
                            false,
                            () -> mutation.readCopies(store, read, pod.holder()),
                            replies,
                            found -> reply(found, replies));
            case Action.CommitCopy commit ->
                    request(
                            call,
                            true,
                            () -> {
                                store.putCopy(commit.manifest());
                                return commit.manifest().epoch();
                            },
                            replies,
                            epoch ->
                                    request(
                                            call,
                                            false,
                                            () ->
                                                    new Event.CopyCommitted(
                                                            call,
                                                            store.hasMark(epoch),
                                                            store.highestMark()),
                                            replies,
                                            seen -> reply(seen, replies)));
        }
    }

    /** As the mirror's writer does: one that fails is put with the next one, or never. */
    void copy(Manifest manifest) {
        world.after(
                time(),
                () -> {
                    if (isReached()) {
                        world.store.putCopy(manifest);
                    }
                });
    }

    /** The effect is at once and whole, when the request arrives. */
    private <T> void request(
            long call, boolean put, Supplier<T> effect, Consumer<Event> replies, Consumer<T> then) {
        if (put && world.strikes(Fault.LATE_PUT, 0.05)) {
            world.after(
                    world.between(5, 40) * SimWorld.SECOND,
                    () -> {
                        var unused = effect.get();
                    });
            return;
        }
        world.after(
                put && isTight() && world.strikes(Fault.STORAGE_SLOW, 0.3) ? nearlyAHold() : time(),
                () -> {
                    if (isReached() && !isLost()) {
                        then.accept(effect.get());
                    } else if (world.chance(0.5)) {
                        reply(new Event.WitnessFailed(call, "the storage is away"), replies);
                    }
                });
    }

    private boolean isLost() {
        return !world.quiet() && world.chance(world.schedule.loss());
    }

    private boolean isReached() {
        boolean cut = world.now() < pod.storeCutUntil && !world.quiet();
        return !cut && !world.under(Fault.STORAGE_OUTAGE);
    }

    private void reply(@Nullable Event answer, Consumer<Event> replies) {
        if (answer != null && isReached() && !isLost()) {
            world.after(answerTime(), () -> replies.accept(answer));
        }
    }

    private long time() {
        boolean tight = isTight();
        return !tight && world.strikes(Fault.STORAGE_SLOW, 0.05)
                ? world.between(0, 4 * SimWorld.SECOND)
                : world.between(0, tight ? 4 * SimWorld.MILLI : SimWorld.SECOND / 4);
    }

    /** In a tight world it is the answers that take nearly as long as a look holds. */
    private long answerTime() {
        return isTight() && world.strikes(Fault.STORAGE_SLOW, 0.5) ? nearlyAHold() : time();
    }

    private boolean isTight() {
        Profile profile = world.schedule.profile();
        return profile.equals(Profile.TIGHT_STORE) || profile.equals(Profile.LOST_NODE);
    }

    private long nearlyAHold() {
        return world.between(0, world.settings.hold().toNanos() * 3 / 4);
    }
}
