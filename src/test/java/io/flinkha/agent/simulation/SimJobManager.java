package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.restart.Start;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A JobManager process with the gate of the HA services jar: it holds the lock from its start to
 * its end, polls, and ends at a deadline that it counts from the moment at which it sent the poll.
 */
final class SimJobManager {
    private static final long CALL_TIMEOUT = 5 * SimWorld.SECOND;
    private static final int ID_BLOCK = 4;
    private static final int GATE_CLOSED = 75;

    final String id;

    /** Its number among the processes of its pod. */
    final long number;

    final SimTroubles troubles;
    private final SimPod pod;
    private final SimWorld world;
    private final String userCode;
    private final Deque<Runnable> inbox = new ArrayDeque<>();
    private final List<String> retained = new ArrayList<>();
    private boolean alive = true;
    private final SimStandstill standstill = new SimStandstill();
    private boolean registering;
    private boolean polling;
    private long epoch;
    private long deadline;
    private boolean ending;
    private @Nullable Start earlyStart;
    private String jobId = "";
    private long nextId;
    private long reservedTo;

    SimJobManager(SimPod pod, String id, long number) {
        this.number = number;
        this.pod = pod;
        troubles = new SimTroubles(pod);
        this.world = pod.world;
        this.id = id;
        userCode = "code-" + world.revision;
    }

    boolean gateOpen() {
        return alive && epoch > 0 && pod.here() < deadline;
    }

    boolean frozen() {
        return standstill.isOn(world.now());
    }

    String jobId() {
        return jobId;
    }

    long epoch() {
        return epoch;
    }

    void start() {
        world.after(world.between(0, 50 * SimWorld.MILLI), () -> pod.lock("", 0));
        world.after(
                world.between(50, 100) * SimWorld.MILLI,
                () -> {
                    if (alive) {
                        pod.lock(id, number);
                        register();
                        poll();
                    }
                });
    }

    void end() {
        alive = false;
    }

    /** SIGSTOP: a process past its deadline may do one more thing before its watchdog runs. */
    void freeze(long duration) {
        standstill.begin(world.now(), duration);
        world.after(duration, this::wake);
    }

    private void wake() {
        if (frozen()) {
            return;
        }
        if (alive && epoch > 0 && pod.here() >= deadline) {
            if (world.chance(0.5) && nextId < reservedTo) {
                checkpointOnce(nextId++);
            }
            world.after(50 * SimWorld.MILLI, () -> die(GATE_CLOSED));
            return;
        }
        while (alive && !inbox.isEmpty()) {
            inbox.poll().run();
        }
    }

    void die(int exitCode) {
        if (alive) {
            pod.jobManagerEnded(exitCode);
        }
    }

    /**
     * It stood still for long, beside calls that may have been lost, said that it hangs, came to no
     * checkpoint, or outlived its gate.
     */
    boolean deservesToDie() {
        long patience = pod.settings.watchdog().pollTimeout().toNanos();
        return standstill.longest() > patience * 0.6
                || troubles.deserveDeath()
                || (epoch > 0 && pod.here() >= deadline);
    }

    private void again(long delay, Runnable task) {
        pod.after(delay, () -> run(task));
    }

    private void run(Runnable task) {
        if (alive && frozen()) {
            inbox.add(task);
        } else if (alive) {
            task.run();
        }
    }

    /** A call over loopback: one reply, or null for a broken connection or none in time. */
    private void call(LongFunction<Event> request, Consumer<@Nullable Reply> caller) {
        boolean[] done = new boolean[1];
        Consumer<@Nullable Reply> once =
                reply ->
                        run(() -> {
                            if (!done[0]) {
                                done[0] = true;
                                caller.accept(reply);
                            }
                        });
        SimLoopback.send(pod, request, once);
        pod.after(CALL_TIMEOUT, () -> once.accept(null));
    }

    private void register() {
        if (registering) {
            return;
        }
        registering = true;
        if (world.mutation.lapses(Lapse.START_AT_REGISTRATION)) {
            earlyStart = Mutants.startOf(world, userCode, id);
        }
        call(
                request -> new Event.Registered(request, new Registration(id, "2.3.0", userCode)),
                reply -> {
                    registering = false;
                    if (reply instanceof Reply.Halt halt) {
                        die(halt.code());
                    } else if (reply == null) {
                        again(200 * SimWorld.MILLI, this::register);
                    }
                });
    }

    private void poll() {
        if (polling) {
            return;
        }
        polling = true;
        long sentAt = pod.here();
        String hung = troubles.hung();
        long bound = jobId.isEmpty() || ending ? 0 : SimTroubles.PROGRESS_BOUND / SimWorld.MILLI;
        call(
                request -> new Event.GatePolled(request, id, epoch, hung, bound),
                reply -> {
                    polling = false;
                    long pause = take(reply, sentAt);
                    again(pause, this::poll);
                });
    }

    private long take(@Nullable Reply reply, long sentAt) {
        switch (reply) {
            case Reply.Open open -> {
                long remaining = open.remainingMillis() * SimWorld.MILLI;
                boolean late = world.mutation.lapses(Lapse.COUNTS_FROM_THE_ANSWER);
                open(open, (late ? pod.here() : sentAt) + remaining);
                return Math.max(20 * SimWorld.MILLI, Math.min(2 * SimWorld.SECOND, remaining / 5));
            }
            case Reply.Halt halt -> {
                world.checker.halted(this, halt);
                die(halt.code());
            }
            case Reply.Unregistered unknown -> register();
            case null -> {}
            default -> {}
        }
        return 300 * SimWorld.MILLI;
    }

    private void open(Reply.Open open, long until) {
        if (epoch != 0 && open.epoch() != epoch) {
            world.checker.broken(id + " was given a second epoch " + open.epoch());
            return;
        }
        if (pod.here() >= until) {
            die(GATE_CLOSED);
            return;
        }
        boolean first = epoch == 0;
        epoch = open.epoch();
        deadline = until;
        world.checker.opened(this, pod);
        pod.after(
                until - pod.here(),
                () -> {
                    if (deadline == until && !frozen()) {
                        die(GATE_CLOSED);
                    }
                });
        Start start = open.start();
        if (first && start == null) {
            world.checker.broken(id + " was granted without a start");
        } else if (first && start != null) {
            begin(earlyStart == null ? start : earlyStart);
        }
        if (open.publish()) {
            publish();
        }
    }

    private void begin(Start start) {
        world.checker.started(this, pod, start);
        switch (start) {
            case Start.Fresh fresh -> begin(fresh.jobId(), fresh.reservedTo(), true);
            case Start.Restore restore -> {
                if (world.mutation.lapses(Lapse.OWNS_WHAT_IT_WAS_RESTORED_FROM)) {
                    retained.add(restore.candidates().getFirst());
                }
                begin(restore.jobId(), restore.reservedTo(), true);
            }
            case Start.Resume resume -> {
                resume.checkpoints().forEach(checkpoint -> retained.add(checkpoint.path()));
                begin(resume.jobId(), resume.reservedTo(), false);
                if (world.mutation.lapses(Lapse.IDS_FROM_THE_LAST_CHECKPOINT)
                        && !resume.checkpoints().isEmpty()) {
                    nextId = resume.checkpoints().getLast().id() + 1;
                }
            }
            case Start.Halt halt -> world.checker.broken("granted with a HALT start");
        }
    }

    private void begin(String job, long firstId, boolean mainRuns) {
        jobId = job;
        troubles.progress();
        nextId = firstId;
        reservedTo = firstId;
        if (mainRuns) {
            PlanRef plan = new PlanRef("plan-of-" + job, 1_000);
            offer(new Change.StorePlan(job, "job", plan), reply -> work());
        } else {
            again(0, this::work);
        }
    }

    private void publish() {
        call(
                request ->
                        new Event.AddressesOffered(
                                request, id, epoch, Map.of("restserver", "http://" + id)),
                reply -> {
                    if (reply instanceof Reply.Fenced) {
                        die(GATE_CLOSED);
                    }
                });
    }

    /**
     * Offers a change until it is known to be done; a refusal by epoch ends the process at once.
     */
    private void offer(Change change, Consumer<Reply> done) {
        call(
                request -> new Event.ChangeOffered(request, id, epoch, change),
                reply -> {
                    switch (reply) {
                        case Reply.Fenced fenced -> die(GATE_CLOSED);
                        case Reply.Done ok -> done.accept(ok);
                        case Reply.Reserved reserved -> done.accept(reserved);
                        case Reply.Refused refused -> world.checker.refused(this, change, refused);
                        case null -> unknown(change, done);
                        default -> unknown(change, done);
                    }
                });
    }

    /** It may have been done: nothing is deleted, and it is offered again. */
    private void unknown(Change change, Consumer<Reply> done) {
        if (world.mutation.lapses(Lapse.UNKNOWN_IS_REFUSAL)
                && change instanceof Change.AddCheckpoint add) {
            world.storage.delete(add.checkpoint().path());
            work();
        } else {
            again(300 * SimWorld.MILLI, () -> offer(change, done));
        }
    }

    private void work() {
        if (ending) {
            return;
        }
        if (nextId >= reservedTo) {
            long asked = reservedTo;
            offer(
                    new Change.ReserveIds(asked, ID_BLOCK),
                    reply -> {
                        if (reply instanceof Reply.Reserved reserved) {
                            reservedTo = reserved.reservedTo();
                            work();
                        }
                    });
        } else {
            again(
                    world.between(2 * SimWorld.SECOND, 6 * SimWorld.SECOND),
                    () -> checkpointOnce(nextId++));
        }
    }

    private void checkpointOnce(long checkpoint) {
        if (ending) {
            return;
        }
        world.checker.triggered(this, checkpoint);
        if (troubles.stuck() || world.under(Fault.STORAGE_OUTAGE)) {
            work();
            return;
        }
        String path = "file:/state/%s/chk-%d".formatted(jobId, checkpoint);
        world.storage.write(path);
        int maxRetained = 1 + world.random.nextInt(3);
        Checkpoint pointer = new Checkpoint(checkpoint, path, path + "/_metadata", 1, 1, 1);
        Change add = new Change.AddCheckpoint(jobId, maxRetained, pointer);
        retained.add(path);
        if (world.mutation.lapses(Lapse.DELETES_BEFORE_COMMIT)) {
            subsume(maxRetained);
        }
        Consumer<Reply> done =
                reply -> {
                    world.checker.acknowledged(this, checkpoint);
                    troubles.progress();
                    subsume(maxRetained);
                    work();
                };
        offer(add, done);
    }

    /** What the commit dropped from the manifest is deleted, never before. */
    private void subsume(int maxRetained) {
        while (retained.size() > maxRetained) {
            world.storage.delete(retained.removeFirst());
        }
    }

    /** The job ends for good, whatever it is in the middle of. */
    boolean endJob(JobResult.Status status) {
        if (!gateOpen() || ending || jobId.isEmpty()) {
            return false;
        }
        ending = true;
        JobResult result = new JobResult(jobId, status, "", "t");
        run(() ->
                offer(
                        new Change.RecordResult(result),
                        reply -> {
                            world.checker.ended(jobId);
                            if (status == JobResult.Status.FINISHED) {
                                List.copyOf(retained).forEach(world.storage::delete);
                            }
                            die(status == JobResult.Status.FAILED ? 163 : 0);
                        }));
        return true;
    }
}
