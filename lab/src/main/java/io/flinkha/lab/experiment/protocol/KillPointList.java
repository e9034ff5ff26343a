package io.flinkha.lab.experiment.protocol;

import io.flinkha.lab.api.AgentWrite;
import io.flinkha.lab.api.CommitHold.Point;
import io.flinkha.lab.api.ControlMessage;
import io.flinkha.lab.experiment.protocol.KillPoint.Blow;
import io.flinkha.lab.experiment.protocol.KillPoint.Call;
import io.flinkha.lab.experiment.protocol.KillPoint.Scene;
import io.flinkha.lab.experiment.protocol.KillPoint.Target;
import io.flinkha.lab.experiment.protocol.KillPoint.Write;
import java.util.ArrayList;
import java.util.List;

/**
 * The points, from the messages and writes of docs/PROTOCOL.md: each of them, before and after. Not
 * each of them with each blow, or it would take twice as long; what is left out has a neighbour
 * that leaves the same behind (whoever waits at the gate has no epoch; a Lease is acquired over a
 * JobManager that is dead already; a process that is stopped over a message resends nothing).
 */
final class KillPointList {
    private static final List<Blow> EACH = List.of(Blow.JM, Blow.AGENT, Blow.BOTH, Blow.CUT);
    private static final List<Blow> ALONE = List.of(Blow.JM, Blow.AGENT, Blow.CUT);
    private static final List<Blow> JM = List.of(Blow.JM, Blow.CUT);
    private static final List<Blow> AGENT = List.of(Blow.AGENT, Blow.CUT);
    private static final List<Blow> STOPPED = List.of(Blow.JM_STOPPED, Blow.AGENT_STOPPED);
    private static final List<Blow> SUPERVISED =
            List.of(Blow.CONTAINER, Blow.SUPERVISOR_STOPPED, Blow.HUNG, Blow.ORDER);
    private static final List<Blow> FENCE = List.of(Blow.CONTAINER, Blow.ORDER);
    private static final List<Blow> HUNG = List.of(Blow.HUNG_AND_AGENT);

    private KillPointList() {}

    /** Points of a job that runs before and after: they share one setup. */
    static List<KillPoint> shared() {
        List<KillPoint> all = new ArrayList<>();
        add(all, Scene.STEADY, call(ControlMessage.CHECKPOINTS), EACH);
        add(all, Scene.STEADY, write(AgentWrite.CHECKPOINT), EACH);
        add(all, Scene.STEADY, write(AgentWrite.CHECKPOINT), STOPPED);
        add(all, Scene.STEADY, write(AgentWrite.CHECKPOINT), SUPERVISED);
        add(all, Scene.STEADY, write(AgentWrite.CHECKPOINT), HUNG);
        add(all, Scene.FAILOVER, write(AgentWrite.LEASE_ACQUIRE), FENCE);
        add(all, Scene.FAILOVER, write(AgentWrite.MANIFEST_CLAIM), FENCE);
        add(all, Scene.FAILOVER, write(AgentWrite.LEASE_CONFIRM), FENCE);
        add(all, Scene.FAILOVER, call(ControlMessage.REGISTER), ALONE);
        add(
                all,
                Scene.FAILOVER,
                write(AgentWrite.MANIFEST_CLAIM),
                List.of(Blow.SUPERVISOR_STOPPED));
        after(all, Scene.FAILOVER, call(ControlMessage.GATE_OPEN), SUPERVISED);
        add(all, Scene.FAILOVER, write(AgentWrite.LEADER_ADDRESSES), SUPERVISED);
        after(all, Scene.FAILOVER, call(ControlMessage.GATE_OPEN), HUNG);
        add(all, Scene.FAILOVER, write(AgentWrite.LEADER_ADDRESSES), HUNG);
        add(all, Scene.FAILOVER, call(ControlMessage.GATE_FIRST), JM);
        after(all, Scene.FAILOVER, call(ControlMessage.GATE_OPEN), EACH);
        after(all, Scene.FAILOVER, call(ControlMessage.GATE_OPEN), STOPPED);
        add(all, Scene.FAILOVER, call(ControlMessage.PLAN_GET), ALONE);
        add(all, Scene.FAILOVER, call(ControlMessage.PUBLISH), ALONE);
        add(all, Scene.FAILOVER, call(ControlMessage.CHECKPOINT_IDS), ALONE);
        add(all, Scene.FAILOVER, write(AgentWrite.LEASE_ACQUIRE), AGENT);
        add(all, Scene.FAILOVER, write(AgentWrite.MANIFEST_CLAIM), ALONE);
        add(all, Scene.FAILOVER, write(AgentWrite.LEASE_CONFIRM), EACH);
        add(all, Scene.FAILOVER, write(AgentWrite.LEASE_CONFIRM), STOPPED);
        add(all, Scene.FAILOVER, write(AgentWrite.LEADER_ADDRESSES), ALONE);
        add(all, Scene.RESTORE, write(AgentWrite.START), EACH);
        add(all, Scene.RESTORE, call(ControlMessage.RESTORED), JM);
        add(all, Scene.RESTORE, call(ControlMessage.PLAN_PUT), ALONE);
        add(all, Scene.RESTORE, write(AgentWrite.PLAN), EACH);
        add(all, Scene.AGENT_STOP, write(AgentWrite.RELEASE), AGENT);
        return all;
    }

    /** Points of a cluster-id for which nothing was stored: each needs a setup of its own. */
    static List<KillPoint> firstStarts() {
        List<KillPoint> all = new ArrayList<>();
        add(all, Scene.FIRST_START, write(AgentWrite.EMPTY_LEASE), AGENT);
        add(all, Scene.FIRST_START, write(AgentWrite.EMPTY_MANIFEST), AGENT);
        add(all, Scene.FIRST_START, write(AgentWrite.MANIFEST_CLAIM), AGENT);
        after(all, Scene.FIRST_START, write(AgentWrite.LEASE_CONFIRM), List.of(Blow.BOTH));
        add(all, Scene.FIRST_START, write(AgentWrite.START), List.of(Blow.BOTH));
        after(all, Scene.FIRST_START, call(ControlMessage.GATE_OPEN), AGENT);
        add(all, Scene.FIRST_START, call(ControlMessage.PLAN_PUT), JM);
        add(all, Scene.FIRST_START, write(AgentWrite.PLAN), AGENT);
        return all;
    }

    /** Points of a job's end: each needs a job of its own. */
    static List<KillPoint> ends() {
        List<KillPoint> all = new ArrayList<>();
        add(all, Scene.END, call(ControlMessage.RESULT), JM);
        add(all, Scene.END, write(AgentWrite.RESULT), EACH);
        add(all, Scene.END, write(AgentWrite.RESULT), SUPERVISED);
        add(all, Scene.END, call(ControlMessage.PLAN_DELETE), ALONE);
        add(all, Scene.END, write(AgentWrite.RELEASE), AGENT);
        return all;
    }

    /** Points of a job that fails for good: each needs a job of its own. */
    static List<KillPoint> failures() {
        List<KillPoint> all = new ArrayList<>();
        add(all, Scene.FAILED, call(ControlMessage.RESULT), EACH);
        add(all, Scene.FAILED, write(AgentWrite.RESULT), EACH);
        add(all, Scene.FAILED, write(AgentWrite.JOB_SIGNAL), EACH);
        return all;
    }

    private static Target call(ControlMessage message) {
        return new Call(message);
    }

    private static Target write(AgentWrite write) {
        return new Write(write);
    }

    private static void add(List<KillPoint> all, Scene scene, Target target, List<Blow> blows) {
        blows.forEach(blow -> all.add(new KillPoint(scene, target, Point.BEFORE, blow)));
        after(all, scene, target, blows);
    }

    private static void after(List<KillPoint> all, Scene scene, Target target, List<Blow> blows) {
        blows.forEach(blow -> all.add(new KillPoint(scene, target, Point.AFTER, blow)));
    }
}
