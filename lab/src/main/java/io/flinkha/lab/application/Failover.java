package io.flinkha.lab.application;

import io.flinkha.lab.measure.StartPhase;
import io.flinkha.lab.report.Row;
import java.util.Map;
import java.util.OptionalLong;

/** One death of a JobManager and what came after, in milliseconds since the death. */
public record Failover(
        long toRunningMillis,
        long processMillis,
        Map<StartPhase, Long> phases,
        long processingGapMillis,
        OptionalLong restoredCheckpoint,
        long checkpointBefore,
        int mainRunsAdded) {

    /**
     * A failover that lost nothing goes on from the last checkpoint that anybody saw, or a later
     * one.
     */
    public boolean fromLatest() {
        return restoredCheckpoint.isPresent() && restoredCheckpoint.getAsLong() >= checkpointBefore;
    }

    /** No sooner did another JobManager lead. */
    public long leadingMillis() {
        return phases.getOrDefault(StartPhase.LEADERSHIP, processMillis);
    }

    public Row addTo(Row row) {
        row.figure("toRunningMillis", toRunningMillis)
                .figure("processingGapMillis", processingGapMillis)
                .figure(
                        "restoredCheckpoint",
                        restoredCheckpoint.isPresent() ? restoredCheckpoint.getAsLong() : null)
                .figure("newestCheckpointBefore", checkpointBefore)
                .figure("mainRunsAdded", mainRunsAdded)
                .figure("processStartedMillis", processMillis);
        return claimFromLatest(row);
    }

    public Row claimFromLatest(Row row) {
        return row.claim("restored from the newest checkpoint", fromLatest());
    }

    /** What the start went through, too. */
    public Row addWithPhasesTo(Row row) {
        return addPhasesTo(addTo(row));
    }

    /** In order, all tasks running excepted. */
    public Row addPhasesTo(Row row) {
        for (StartPhase phase : StartPhase.values()) {
            if (phase != StartPhase.RUNNING) {
                row.figure(key(phase), phases.get(phase));
            }
        }
        return row;
    }

    private static String key(StartPhase phase) {
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
