package io.flinkha.lab.experiment.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.measure.CommittedOutput;
import java.time.Duration;

/**
 * What a cluster's first run left behind, seen when its end was over and nothing new had begun.
 *
 * @param checkpoint path of the newest checkpoint that the manifest names; empty if there is none
 * @param savepoint path of the one that was triggered, after which the job ran on
 * @param finalSavepoint path of the one that the job was stopped with; empty if it was not
 * @param tasks that ran
 * @param committed lines of output
 */
public record LastRun(
        String checkpoint,
        String savepoint,
        String finalSavepoint,
        int tasks,
        int committed,
        int mainRuns,
        int processes) {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** How it came to its end. */
    public enum End {
        CRASH,
        FAILED,
        CANCELED,
        STOPPED,
        FINISHED;

        public String title() {
            return switch (this) {
                case CRASH -> "crash";
                case STOPPED -> "stop-with-savepoint";
                default -> name();
            };
        }

        boolean isOver() {
            return this != CRASH;
        }
    }

    /** Checkpoints, a savepoint, more checkpoints, the end. After a crash the pod is there yet. */
    public static LastRun of(LocalApplication application, End end) {
        application.awaitSteady();
        int tasks = application.rest().job().tasks();
        String savepoint = application.savepoint(application.directory().savepoints(), LIMIT);
        application.awaitCheckpoints(2, LIMIT);
        Console.event("--- " + end.title());
        String stopped = "";
        switch (end) {
            case CRASH -> {
                // A job that ends is asked once more; of one that crashes only what is known
                // counts.
                Await.until(
                        "the savepoint's record",
                        LIMIT,
                        () -> application.manifest().path("savepoint").has("path"));
                // The next process comes only when what was left was looked at.
                application.jobManager().restartDelay(Duration.ofSeconds(5));
                long epoch = application.epoch();
                application.jobManager().kill();
                // Between two epochs the agent could not release the Lease, if it is ended next.
                Await.until(
                        "the agent's next epoch",
                        LIMIT,
                        () ->
                                application.bench().api().claimed(application.spec().clusterId())
                                        > epoch);
            }
            case FAILED -> application.place("fail");
            case CANCELED -> application.rest().cancel();
            case STOPPED -> stopped = application.stopWithSavepoint(LIMIT);
            case FINISHED -> application.place("drain");
        }
        if (end.isOver()) {
            application.awaitOver();
        }
        JsonNode checkpoints = application.manifest().path("checkpoints");
        return new LastRun(
                checkpoints.isEmpty()
                        ? ""
                        : checkpoints.get(checkpoints.size() - 1).path("path").asText(),
                savepoint,
                stopped,
                tasks,
                CommittedOutput.lines(application.directory().data().resolve("out")).size(),
                application.mainRuns(),
                application.jobManager().starts());
    }
}
