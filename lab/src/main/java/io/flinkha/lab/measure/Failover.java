package io.flinkha.lab.measure;

import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.Pod;
import io.flinkha.lab.measure.JobManagerRest.CheckpointView;
import io.flinkha.lab.process.Run;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** One death of a JobManager and what came after, in milliseconds since the death. */
public record Failover(
        long processMillis,
        Map<Phase, Long> phases,
        long processingGapMillis,
        OptionalLong restoredCheckpoint,
        long checkpointBefore,
        int mainRunsBefore,
        int mainRunsAfter) {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** What was true just before the death. */
    public record Before(int starts, long checkpoint, int mainRuns, long killedAt) {
        public static Before of(Cluster cluster) {
            return new Before(
                    cluster.jobManager().starts(),
                    cluster.pod().rest().checkpoints().latest(),
                    cluster.mainRuns(),
                    0);
        }

        public Before at(long time) {
            return new Before(starts, checkpoint, mainRuns, time);
        }
    }

    /** Kills the JobManager and watches until the job has made a checkpoint again. */
    public static Failover byKilling(Cluster cluster) {
        Before before = Before.of(cluster);
        return watch(cluster, before.at(cluster.jobManager().kill()));
    }

    /** Watches what comes after a death that has happened. */
    public static Failover watch(Cluster cluster, Before before) {
        Pod pod = cluster.pod();
        Set<Phase> told = EnumSet.noneOf(Phase.class);
        Await.until(
                "all tasks RUNNING",
                LIMIT,
                () -> {
                    if (pod.jobManager().starts() == before.starts()) {
                        return false;
                    }
                    tell(pod.jobManager().current(), before.killedAt(), told);
                    return pod.rest().job().allRunning();
                });
        long restAt = System.currentTimeMillis();
        awaitNextCheckpoint(pod);
        Run run = pod.jobManager().current();
        FlinkLog log = FlinkLog.read(run.log());
        Map<Phase, Long> phases = new EnumMap<>(Phase.class);
        for (Phase phase : Phase.values()) {
            OptionalLong at =
                    phase == Phase.RUNNING
                            ? log.lastAfter(before.killedAt(), phase.pattern())
                            : log.firstAfter(before.killedAt(), phase.pattern());
            at.ifPresent(time -> phases.put(phase, time - before.killedAt()));
        }
        phases.putIfAbsent(Phase.RUNNING, restAt - before.killedAt());
        long end = before.killedAt() + phases.getOrDefault(Phase.RUNNING, 0L) + 1000;
        Failover failover =
                new Failover(
                        run.startedAt() - before.killedAt(),
                        phases,
                        gap(cluster, before.killedAt(), end),
                        pod.rest().checkpoints().restoredId(),
                        before.checkpoint(),
                        before.mainRuns(),
                        cluster.mainRuns());
        Console.event(
                "all tasks RUNNING %.2f s after the death, processing stood still for %d ms"
                        .formatted(
                                failover.toRunningMillis() / 1000.0,
                                failover.processingGapMillis()));
        return failover;
    }

    private static void awaitNextCheckpoint(Pod pod) {
        CheckpointView first = pod.rest().checkpoints();
        Await.until(
                "a checkpoint after the failover",
                Duration.ofMinutes(1),
                () -> pod.rest().checkpoints().completed() > first.completed());
    }

    private static long gap(Cluster cluster, long from, long to) {
        if (cluster.spec().job().counted()) {
            return Pulses.read(cluster.lab().data().resolve("pulse")).longestGapMillis(from, to);
        }
        return TaskPause.millis(FlinkLog.read(cluster.taskManager().current().log()), from);
    }

    private static void tell(Run run, long killedAt, Set<Phase> told) {
        FlinkLog log = FlinkLog.read(run.log());
        for (Phase phase : Phase.values()) {
            if (phase != Phase.RUNNING && !told.contains(phase)) {
                log.firstAfter(killedAt, phase.pattern())
                        .ifPresent(time -> {
                            told.add(phase);
                            Console.event(
                                    "  + %.2f s %s"
                                            .formatted((time - killedAt) / 1000.0, phase.title()));
                        });
            }
        }
    }

    public long toRunningMillis() {
        return phases.getOrDefault(Phase.RUNNING, -1L);
    }

    /**
     * A failover that lost nothing goes on from the last checkpoint that anybody saw, or a later
     * one.
     */
    public boolean fromLatest() {
        return restoredCheckpoint.isPresent() && restoredCheckpoint.getAsLong() >= checkpointBefore;
    }

    public Row addTo(Row row) {
        row.figure("toRunningMillis", toRunningMillis())
                .figure("processingGapMillis", processingGapMillis)
                .figure(
                        "restoredCheckpoint",
                        restoredCheckpoint.isPresent() ? restoredCheckpoint.getAsLong() : null)
                .figure("newestCheckpointBefore", checkpointBefore)
                .figure("mainRunsAdded", mainRunsAfter - mainRunsBefore)
                .figure("processStartedMillis", processMillis);
        for (Phase phase : Phase.values()) {
            if (phase != Phase.RUNNING) {
                row.figure(key(phase), phases.get(phase));
            }
        }
        return row.claim("restored from the newest checkpoint", fromLatest());
    }

    private static String key(Phase phase) {
        return switch (phase) {
            case ENTRY_POINT -> "entryPointMillis";
            case LEADERSHIP -> "leadershipGrantedMillis";
            case PLAN -> "planRecoveredMillis";
            case TASK_MANAGER -> "taskManagerRegisteredMillis";
            case RESTORED -> "checkpointRestoredMillis";
            case RUNNING -> "toRunningMillis";
        };
    }
}
