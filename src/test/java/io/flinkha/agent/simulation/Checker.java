package io.flinkha.agent.simulation;

import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.restart.BootPlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sees everything, in true time; keeps the first promise that was broken. */
final class Checker {
    private final SimWorld world;
    private final Map<Long, String> holders = new HashMap<>();
    private final Map<Long, String> servers = new HashMap<>();
    private final Map<Long, String> idsGiven = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final Set<String> committedEnds = new HashSet<>();
    private final Set<String> acknowledgedEnds = new HashSet<>();
    private final Set<Long> committed = new HashSet<>();
    private long highestEpoch;
    private long highestPointer;
    private long highestReserved = 1;
    private long highestAcknowledged;
    private @Nullable Revision endedIn;
    private @Nullable String violation;

    int opens;
    int acknowledgements;
    int fresh;
    int resumed;
    int restored;
    int results;
    int refusals;
    long firstOpenAt = -1;

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
                            .formatted(world.seed, world.now() / (double) SimWorld.SECOND, what);
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
                    rival == null || rival == jm || !rival.gateOpen(),
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
            opens++;
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
        String holder = manifest.history().getLast().holder();
        require(
                manifest.history().getLast().epoch() == epoch
                        && holder.equals(holders.computeIfAbsent(epoch, e -> holder)),
                "epoch %d was claimed twice".formatted(epoch));
        long pointer = pointerId(manifest.pointer());
        require(
                pointer >= highestPointer,
                "the pointer went back from %d to %d".formatted(highestPointer, pointer));
        highestPointer = Math.max(highestPointer, pointer);
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
                endedIn = revision;
            } else {
                require(
                        !revision.equals(endedIn),
                        "%s runs in %s, in which the job has ended".formatted(run, revision));
                endedIn = null;
            }
        }
    }

    /** Somebody threw away what was committed; what was acknowledged must survive even that. */
    void tampered() {
        highestPointer = highestAcknowledged;
        highestReserved = idsGiven.keySet().stream().mapToLong(id -> id + 1).max().orElse(1);
        ended.retainAll(acknowledgedEnds);
        endedIn = null;
    }

    void started(BootPlan plan) {
        switch (plan) {
            case BootPlan.Fresh start -> {
                fresh++;
                require(highestPointer == 0, "an empty start, but chk-" + highestPointer);
            }
            case BootPlan.Resume resume -> {
                resumed++;
                long from =
                        resume.checkpoints().isEmpty()
                                ? pointerId(
                                        resume.restoredFrom() == null
                                                ? null
                                                : resume.restoredFrom().path())
                                : resume.checkpoints().getLast().id();
                startsFrom(from);
            }
            case BootPlan.Restore restore -> {
                restored++;
                startsFrom(pointerId(restore.candidates().getFirst()));
            }
            case BootPlan.Halt halt -> {}
        }
    }

    private void startsFrom(long id) {
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
        acknowledgements++;
        require(committed.contains(id), "chk-%d of %s is not committed".formatted(id, jm.id));
        highestAcknowledged = Math.max(highestAcknowledged, id);
    }

    void ended(String jobId) {
        results++;
        acknowledgedEnds.add(jobId);
        ended.add(jobId);
        require(committedEnds.contains(jobId), "the end of %s is not committed".formatted(jobId));
    }

    void halted(SimJobManager jm, Reply.Halt halt) {
        if (halt.code() == 78) {
            refusals++;
        }
        require(
                halt.code() != 163 || !ended.isEmpty(),
                "%s was told that its job has failed".formatted(jm.id));
    }

    void refused(SimJobManager jm, Change change, Reply.Refused refused) {
        broken("%s: %s was refused: %s".formatted(jm.id, change, refused.reason()));
    }

    private static long pointerId(@Nullable String path) {
        return path == null ? 0 : Long.parseLong(path.substring(path.lastIndexOf('-') + 1));
    }
}
