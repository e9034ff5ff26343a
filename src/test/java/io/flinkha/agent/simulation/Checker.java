package io.flinkha.agent.simulation;

import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.JobResult.Status;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Restorable;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.restart.Start;
import io.flinkha.agent.sentences.Sentences;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sees everything, in true time; keeps the first promise that was broken. */
final class Checker {
    /** With all faults over, a checkpoint is acknowledged within this time. */
    static final long BOUND = 75 * SimWorld.SECOND;

    private final SimWorld world;
    private final Map<Long, String> holders = new HashMap<>();
    private final Map<Long, String> servers = new HashMap<>();
    private final Map<Long, String> idsGiven = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final Set<String> committedEnds = new HashSet<>();
    private final Set<String> discardedEnds = new HashSet<>();
    private final Set<String> acknowledgedEnds = new HashSet<>();
    private final Set<Long> committed = new HashSet<>();
    private long highestEpoch;
    private long highestPointer;
    private long highestReserved = 1;
    private long highestAcknowledged;
    private final Set<String> finished = new HashSet<>();
    private final Set<String> revived = new HashSet<>();
    private @Nullable Manifest newest;
    private @Nullable Revision endedIn;
    private @Nullable String violation;

    long firstOpenAt = -1;

    /** From the end of all faults to the first checkpoint acknowledged after it. */
    long progress = -1;

    Checker(SimWorld world) {
        this.world = world;
    }

    @Nullable String violation() {
        return violation;
    }

    void broken(String what) {
        if (violation == null) {
            violation =
                    "seed %d, t=%.3f s: %s"
                            .formatted(
                                    world.schedule.seed(),
                                    world.now() / (double) SimWorld.SECOND,
                                    what);
        }
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            broken(what);
        }
    }

    /** A gate was opened or extended. */
    void opened(SimJobManager jm, SimPod pod) {
        world.trace(() -> "gate of %s in epoch %d".formatted(jm.id, jm.epoch()));
        for (SimPod other : world.pods) {
            SimJobManager rival = other.jobManager;
            require(
                    rival == null
                            || rival == jm
                            || !rival.gateOpen()
                            || pod.excused()
                            || other.excused(),
                    "two gates are open: %s in epoch %d and %s in epoch %d"
                            .formatted(
                                    jm.id,
                                    jm.epoch(),
                                    rival == null ? "" : rival.id,
                                    rival == null ? 0 : rival.epoch()));
        }
        String before = servers.putIfAbsent(jm.epoch(), jm.id);
        require(
                before == null || before.equals(jm.id),
                "epoch %d is served by %s and by %s in %s"
                        .formatted(jm.epoch(), before, jm.id, pod.name));
        if (before == null) {
            require(
                    pod.count() < pod.settings.restart().maxFailures(),
                    "%s is let in after %d ends".formatted(jm.id, pod.count()));
            world.tally.opens++;
            if (firstOpenAt < 0) {
                firstOpenAt = world.now();
            }
        }
    }

    /** An agent's write of the manifest is about to be stored. */
    void manifestWritten(Manifest manifest) {
        world.trace(() -> "the API server stores " + manifest);
        long epoch = manifest.epoch();
        require(epoch >= highestEpoch, "epoch %d wrote after %d".formatted(epoch, highestEpoch));
        highestEpoch = Math.max(highestEpoch, epoch);
        if (manifest.history().isEmpty()) {
            broken("a manifest is written that nobody claimed");
            return;
        }
        String holder = manifest.history().getLast().holder();
        require(
                manifest.history().getLast().epoch() == epoch
                        && holder.equals(holders.computeIfAbsent(epoch, e -> holder)),
                "epoch %d was claimed twice".formatted(epoch));
        // Sent before the storage took over, and stored late: whoever takes over reads the copies.
        boolean late = newest != null && newest.epoch() == epoch && newest.isNewerThan(manifest);
        if (!late) {
            note(manifest);
        }
    }

    /**
     * A commit that the storage has is acknowledged. The answer may come after another one went on
     * from it.
     */
    void committedByStorage(Manifest manifest) {
        world.tally.storeCommits++;
        if (newest == null || manifest.isNewerThan(newest)) {
            note(manifest);
        } else {
            manifest.checkpoints().forEach(checkpoint -> committed.add(checkpoint.id()));
        }
    }

    private void note(Manifest manifest) {
        noteFiles(manifest);
        noteFinished(manifest);
        newest = manifest;
        notePointer(manifest);
        require(
                manifest.reservedTo() >= highestReserved,
                "ids went back from %d to %d".formatted(highestReserved, manifest.reservedTo()));
        highestReserved = Math.max(highestReserved, manifest.reservedTo());
        manifest.checkpoints().forEach(checkpoint -> committed.add(checkpoint.id()));
        var run = manifest.run();
        Revision revision = manifest.revision();
        if (run != null && revision != null) {
            require(
                    manifest.result() != null || !ended.contains(run.jobId()),
                    "the result of %s was taken back".formatted(run.jobId()));
            if (manifest.result() != null) {
                ended.add(run.jobId());
                committedEnds.add(run.jobId());
                if (manifest.result().discarded()) {
                    discardedEnds.add(run.jobId());
                }
                endedIn = revived.contains(run.jobId()) ? null : revision;
            } else {
                require(
                        endedIn == null || !revision.controller().equals(endedIn.controller()),
                        "%s runs in %s, in which the job has ended".formatted(run, revision));
                endedIn = null;
            }
        }
    }

    /** What is discarded with its job is not gone back from. */
    private void notePointer(Manifest manifest) {
        Restorable state = manifest.newest();
        boolean discarded = manifest.result() != null && manifest.result().discarded();
        long pointer = state == null ? 0 : pointerId(state.path());
        require(
                discarded || pointer >= highestPointer,
                "the pointer went back from %d to %d".formatted(highestPointer, pointer));
        highestPointer = Math.max(highestPointer, pointer);
    }

    private void noteFiles(Manifest manifest) {
        RestoredFrom from = manifest.restoredFrom();
        boolean fromIsThere = from == null || world.storage.holds(from.path());
        require(
                fromIsThere
                        && manifest.checkpoints().stream()
                                .allMatch(c -> world.storage.holds(c.path())),
                "a path that the manifest names does not exist: " + manifest);
    }

    /** After a run that finished, Flink deletes its checkpoints: the next one starts empty. */
    private void noteFinished(Manifest manifest) {
        Manifest before = newest;
        if (before == null || before.run() == null || manifest.run() == null) {
            return;
        }
        String job = before.run().jobId();
        boolean nextRun = !manifest.run().jobId().equals(job);
        boolean over = before.result() != null && before.result().status() == Status.FINISHED;
        if (nextRun && over && manifest.newest() == null) {
            finished.add(job);
            highestPointer = 0;
            highestAcknowledged = 0;
        }
    }

    /** Somebody deletes a checkpoint. */
    void deleted(String path) {
        Manifest now = newest;
        if (now == null) {
            return;
        }
        RestoredFrom from = now.restoredFrom();
        boolean named =
                (from != null && from.path().equals(path))
                        || now.checkpoints().stream().anyMatch(c -> c.path().equals(path));
        require(!named, path + " is deleted, but the manifest names it");
    }

    /** The world is at its end. */
    void atTheEnd() {
        boolean due = world.now() >= Schedule.QUIET_MILLIS * SimWorld.MILLI + BOUND;
        require(
                violation != null || !due || (progress >= 0 && progress <= BOUND),
                "all faults are over, but no checkpoint is acknowledged within %d s"
                        .formatted(BOUND / SimWorld.SECOND));
        checkLeaders(due);
        if (world.schedule.calm()) {
            require(
                    firstOpenAt >= 0 && firstOpenAt < 30 * SimWorld.SECOND,
                    "in a calm world nobody leads after 30 s");
        }
        if (world.schedule.calm() || world.schedule.profile().equals(Profile.RESTARTS)) {
            require(
                    world.tally.opens == 1,
                    "a JobManager was ended, though only agents ended, if anything");
        }
        if (world.schedule.profile().equals(Profile.API_AWAY)) {
            require(
                    world.tally.opens == 1,
                    "a leader was ended by an outage of the API server alone");
            require(
                    world.tally.storeCommits > 0,
                    "nothing was committed while the API server was away");
        }
        if (world.schedule.profile().equals(Profile.API_BLINKS)) {
            require(world.tally.opens == 1, "a leader was ended, though its Lease did not run out");
        }
    }

    private void checkLeaders(boolean due) {
        for (SimPod pod : world.pods) {
            SimJobManager jm = pod.jobManager;
            require(
                    !due
                            || jm == null
                            || !jm.gateOpen()
                            || world.api.publishedEpoch() == jm.epoch(),
                    "%s leads, but TaskManagers are told of epoch %d"
                            .formatted(pod.name, world.api.publishedEpoch()));
        }
    }

    /** Somebody threw away what was committed; what was acknowledged must survive even that. */
    void tampered() {
        highestPointer = highestAcknowledged;
        highestReserved = idsGiven.keySet().stream().mapToLong(id -> id + 1).max().orElse(1);
        ended.retainAll(acknowledgedEnds);
        endedIn = null;
    }

    /** A person resumed the Job: what has failed may go on. */
    void resumed() {
        Manifest known = newest;
        if (known != null && known.run() != null && known.result() != null) {
            revived.add(known.run().jobId());
            endedIn = null;
        }
    }

    void started(SimJobManager jm, SimPod pod, Start start) {
        world.trace(() -> "%s starts with %s".formatted(jm.id, start));
        if (pod.excused()) {
            return;
        }
        switch (start) {
            case Start.Fresh none -> {
                world.tally.fresh++;
                require(highestPointer == 0, "an empty start, but chk-" + highestPointer);
            }
            case Start.Resume resume -> {
                world.tally.resumed++;
                RestoredFrom from = resume.restoredFrom();
                if (!resume.checkpoints().isEmpty()) {
                    startsFrom(resume.checkpoints().getLast().path());
                } else if (from != null) {
                    startsFrom(from.path());
                } else {
                    require(highestAcknowledged == 0, "resumed from nothing");
                }
            }
            case Start.Restore restore -> {
                world.tally.restored++;
                startsFrom(restore.candidates().getFirst());
            }
            case Start.Halt halt -> {}
        }
    }

    private void startsFrom(String path) {
        long id = pointerId(path);
        require(world.storage.holds(path), "it starts from %s, which is gone".formatted(path));
        require(
                id >= highestAcknowledged,
                "it starts from chk-%d, but chk-%d was acknowledged"
                        .formatted(id, highestAcknowledged));
    }

    void triggered(SimJobManager jm, long id) {
        String other = idsGiven.put(id, jm.id);
        require(
                other == null,
                "checkpoint id %d was given to %s and %s".formatted(id, other, jm.id));
    }

    void acknowledged(SimJobManager jm, long id) {
        if (discardedEnds.contains(jm.jobId())) {
            // Nothing of the job is needed any more, and the manifest names nothing of it.
            return;
        }
        world.tally.acknowledgements++;
        require(committed.contains(id), "chk-%d of %s is not committed".formatted(id, jm.id));
        if (!finished.contains(jm.jobId())) {
            highestAcknowledged = Math.max(highestAcknowledged, id);
        }
        if (progress < 0 && world.quiet()) {
            progress = world.now() - Schedule.QUIET_MILLIS * SimWorld.MILLI;
        }
    }

    void ended(String jobId) {
        world.tally.results++;
        acknowledgedEnds.add(jobId);
        ended.add(jobId);
        require(committedEnds.contains(jobId), "the end of %s is not committed".formatted(jobId));
    }

    void killedOnOrder(SimJobManager jm, SimPod pod) {
        require(
                jm.deservesToDie() || pod.outlived.contains(jm.number) || pod.excused(),
                "%s was killed on order, though it did what it should".formatted(jm.id));
    }

    /** An agent orders its supervisor to kill. */
    void ordered(SimPod pod, boolean paused) {
        require(!paused, "the JobManager of %s is to be killed while paused".formatted(pod.name));
    }

    /** A supervisor starts a process. */
    void processStarts(SimPod pod, boolean held) {
        require(!held, "a JobManager of %s is started while paused".formatted(pod.name));
    }

    /** An agent tells its Job to fail because of all the ends in its pod. */
    void gaveUp(SimPod pod) {
        long most = pod.settings.restart().maxFailures();
        require(
                pod.mayCount() >= most,
                "%s gives up after %d ends".formatted(pod.name, pod.mayCount()));
        world.gaveUp.add(pod.settings.controllerUid());
    }

    void halted(SimJobManager jm, Reply.Halt halt) {
        require(
                halt.code() != 163 || !committedEnds.isEmpty(),
                "%s was told that its job has failed".formatted(jm.id));
    }

    void refused(SimJobManager jm, Change change, Reply.Refused refused) {
        broken("%s: %s was refused: %s".formatted(jm.id, change, Sentences.of(refused.refusal())));
    }

    private static long pointerId(@Nullable String path) {
        return path == null ? 0 : Long.parseLong(path.substring(path.lastIndexOf('-') + 1));
    }
}
