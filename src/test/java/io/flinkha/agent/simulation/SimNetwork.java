package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.lease.StockHa;
import io.flinkha.agent.core.manifest.ManifestView;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Between a pod and the API server: requests and replies are lost, late, doubled, overtaken. */
final class SimNetwork {
    private final SimPod pod;
    private final SimWorld world;
    private long sent;
    private long newestArrived;

    SimNetwork(SimPod pod) {
        this.pod = pod;
        this.world = pod.world;
    }

    /** Sends a request, whose reply may come never, late or twice. */
    void send(Action action, Incarnation me, Consumer<Event> replies) {
        travel(action, me, replies);
        if (world.strikes(Fault.REQUEST_DUPLICATED, 0.03)) {
            travel(action, me, replies);
        }
    }

    private void travel(Action action, Incarnation me, Consumer<Event> replies) {
        boolean read = action instanceof Action.ReadLease || action instanceof Action.ReadManifest;
        if (world.strikes(Fault.REQUEST_LOST, world.schedule.loss()) || pod.cutOff()) {
            return;
        }
        boolean create =
                action instanceof Action.CreateEmptyManifest
                        && world.schedule.profile().equals(Profile.LOST_MANIFEST);
        long late =
                !read && world.due(Fault.LATE_WRITE, create ? 0.7 : 0.01)
                        ? world.between(5 * SimWorld.SECOND, 40 * SimWorld.SECOND)
                        : 0;
        long number = ++sent;
        world.after(
                remote() + late,
                () -> {
                    if (number < newestArrived) {
                        world.count(Fault.REORDERED);
                    }
                    newestArrived = Math.max(newestArrived, number);
                    arrive(action, me, replies, late > 0);
                });
    }

    private void arrive(Action action, Incarnation me, Consumer<Event> replies, boolean late) {
        if (world.under(Fault.API_OUTAGE)) {
            if (world.chance(0.5)) {
                reply(failure(action, Outcome.UNREACHABLE), replies);
            }
        } else if (world.under(Fault.API_READ_ONLY) && !isRead(action)) {
            reply(failure(action, Outcome.UNKNOWN), replies);
        } else if (world.under(Fault.API_FORBIDDEN)) {
            reply(failure(action, Outcome.FORBIDDEN), replies);
        } else if (world.under(Fault.API_THROTTLED) && world.chance(0.7)) {
            reply(failure(action, Outcome.THROTTLED), replies);
        } else if (action instanceof Action.ReadManifest read) {
            readManifest(read, replies);
        } else {
            Event answer = world.mutation.perform(world.api, action, me);
            if (late && isDone(answer)) {
                world.count(Fault.LATE_WRITE);
            }
            reply(answer, replies);
        }
    }

    /**
     * Two requests, one after the other, as the dispatcher sends them: leader addresses, manifest.
     */
    private void readManifest(Action.ReadManifest read, Consumer<Event> replies) {
        long published = world.api.publishedEpoch();
        world.after(
                remote() + remote(),
                () -> {
                    if (!world.under(Fault.API_OUTAGE)) {
                        ManifestView view = world.api.manifest();
                        reply(
                                new Event.ManifestRead(read.call(), view, published, StockHa.NONE),
                                replies);
                    }
                });
    }

    private static boolean isRead(Action action) {
        return action instanceof Action.ReadLease
                || action instanceof Action.ReadManifest
                || action instanceof Action.ReadJob
                || action instanceof Action.ReadPod;
    }

    private static boolean isDone(@Nullable Event answer) {
        return answer instanceof Event.LeaseWritten
                || answer instanceof Event.ManifestWritten
                || answer instanceof Event.Published;
    }

    private void reply(@Nullable Event answer, Consumer<Event> replies) {
        if (answer == null) {
            return;
        }
        if (world.strikes(Fault.REPLY_LOST, world.schedule.loss()) || pod.cutOff()) {
            if (isDone(answer)) {
                world.count(Fault.UNKNOWN_OUTCOME);
            }
            return;
        }
        world.after(replyTime(), () -> replies.accept(answer));
        if (world.strikes(Fault.REPLY_DUPLICATED, 0.03)) {
            world.after(replyTime(), () -> replies.accept(answer));
        }
    }

    private long replyTime() {
        Profile profile = world.schedule.profile();
        return profile.equals(Profile.TIGHT) && world.strikes(Fault.SLOW, profile.slowShare())
                ? world.between(0, profile.slowMillis() * SimWorld.MILLI)
                : remote();
    }

    /** One way. In a tight world requests are fast, or nothing would ever come close. */
    private long remote() {
        Profile profile = world.schedule.profile();
        boolean slow =
                !profile.equals(Profile.TIGHT) && world.strikes(Fault.SLOW, profile.slowShare());
        return world.between(
                0, (slow ? profile.slowMillis() : profile.fastMillis()) * SimWorld.MILLI);
    }

    /** The same outcome for whichever port; null for what is no request to the API server. */
    static @Nullable Event failure(Action action, Outcome outcome) {
        String why = "the simulated answer is " + outcome;
        return switch (action) {
            case Action.ReadLease a -> new Event.LeaseFailed(a.call(), outcome, why);
            case Action.CreateEmptyLease a -> new Event.LeaseFailed(a.call(), outcome, why);
            case Action.WriteLease a -> new Event.LeaseFailed(a.call(), outcome, why);
            case Action.ReleaseLease a -> new Event.LeaseFailed(a.call(), outcome, why);
            case Action.NameStandby a -> new Event.LeaseFailed(a.call(), outcome, why);
            case Action.ReadLeaderAddresses a -> new Event.PublishFailed(a.call(), outcome, why);
            case Action.ReadManifest a -> new Event.ManifestFailed(a.call(), outcome, why);
            case Action.CreateEmptyManifest a -> new Event.ManifestFailed(a.call(), outcome, why);
            case Action.WriteManifest a -> new Event.ManifestFailed(a.call(), outcome, why);
            case Action.Publish a -> new Event.PublishFailed(a.call(), outcome, why);
            case Action.ReadJob a -> new Event.JobFailed(a.call(), outcome, why);
            case Action.SignalJob a -> new Event.JobFailed(a.call(), outcome, why);
            case Action.ReadPod a -> new Event.PodFailed(a.call(), outcome, why);
            case Action.ToWitness a -> null;
            case Action.CheckPlan a -> null;
            case Action.LookForMirror a -> null;
            case Action.ProbeLock a -> null;
            case Action.ReadEnds a -> null;
            case Action.KillJobManager a -> null;
            case Action.TellSupervisor a -> null;
            case Action.Answer a -> null;
            case Action.Exit a -> null;
        };
    }
}
