package io.flinkha.lab.application;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.measure.CommittedOutput;
import io.flinkha.lab.measure.FlinkLog;
import io.flinkha.lab.measure.JobManagerRest;
import io.flinkha.lab.measure.Pulses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** One Flink application that runs, be it processes of this machine or pods of a cluster. */
public abstract class Application implements AutoCloseable {
    /** More than any experiment reaches at the slow rate; drained in a few seconds. */
    public static final long RECORDS = 200_000;

    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Pattern COMPLETED = Pattern.compile("^Completed checkpoint \\d+");
    private static final Pattern TASK_FAILED =
            Pattern.compile("switched from (RUNNING|INITIALIZING) to FAILED");

    public abstract Side side();

    /** REST of the JobManager that is there now. */
    public abstract JobManagerRest rest();

    /** Missing, or empty, if there is none. */
    public abstract JsonNode manifest();

    /** Whether another JobManager waits to take over. */
    public boolean hasStandby() {
        return false;
    }

    /** Where the job writes, as this machine sees it. */
    public abstract Path data();

    /** The log of the JobManager's process that runs, or ran last. */
    public abstract FlinkLog jobManagerLog();

    /** The same, where reading it again and again disturbs nobody. */
    public abstract Optional<FlinkLog> liveLog();

    /** Tells one JobManager's process from the next one; empty while none runs. */
    public abstract String jobManagerProcess();

    /** When the JobManager's process that runs began, in milliseconds since the epoch. */
    public abstract long jobManagerStartedAt(FlinkLog log);

    /** Tells one agent's process from the next one; empty while none runs. */
    public abstract String agentProcess();

    /** Whether an agent is there to be asked. */
    public abstract boolean agentAnswers();

    /** How often the JobManager was started again in its pod. */
    public abstract int restarts();

    public abstract String podName();

    /** Pods that the JobManager's Job counts as failed. */
    public abstract int failedPods();

    /** How many pods it had in all its life, as far as anybody looked. */
    public abstract int podsUsed();

    /** SIGKILL. Answers when it was sent. */
    public abstract long killJobManager();

    /** SIGKILL. Answers when it was sent. */
    public abstract long killAgent();

    @Override
    public abstract void close();

    public long epoch() {
        return manifest().path("epoch").asLong();
    }

    /** How the manifest says that the run has ended; empty if it has not. */
    public String result() {
        return manifest().path("result").path("status").asText();
    }

    /** The path of the state that the run began with; empty if it began with none. */
    public String restoredFrom() {
        return manifest().path("restoredFrom").path("path").asText();
    }

    /** How often the job's main() ran so far. */
    public int mainRuns() {
        return (int) Directories.text(data().resolve("main-runs")).lines().count();
    }

    /** What the job obeys: {@code drain} lets it end, {@code fail} makes a task fail. */
    public void place(String controlFile) {
        try {
            Files.createFile(data().resolve(controlFile));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public CommittedOutput output(long expected) {
        return CommittedOutput.read(data().resolve("out"), expected);
    }

    /** The longest time for which a subtask processed nothing. */
    public long processingGapMillis(long from, long to) {
        return Pulses.read(data().resolve("pulse")).longestGapMillis(from, to);
    }

    public int taskFailures(long from) {
        return jobManagerLog().times(from, TASK_FAILED).size();
    }

    /**
     * The longest time without a completed checkpoint. (REST tells a checkpoint's duration without
     * the time that its commit took.)
     */
    public long longestWithoutCheckpoint(long from) {
        return jobManagerLog().longestGapMillis(from, COMPLETED);
    }

    public void awaitRunning() {
        Await.until("the job's first start", START, () -> rest().job().allRunning());
        Console.event("job RUNNING (" + side() + ")");
    }

    /** Waits until the job runs and has made a checkpoint. */
    public void awaitCheckpointed() {
        Await.until(
                "the job's first checkpoint", START, () -> rest().checkpoints().completed() > 0);
    }

    /** Waits until the job runs and has made a few checkpoints. */
    public void awaitSteady() {
        awaitRunning();
        awaitCheckpoints(3, MINUTE);
    }

    public void awaitCheckpoints(int more, Duration limit) {
        awaitCheckpoints(this::rest, more, limit);
    }

    /** The JobManager that answers may be another one each time. */
    public static void awaitCheckpoints(Supplier<JobManagerRest> rest, int more, Duration limit) {
        long start = rest.get().checkpoints().completed();
        Await.until(
                more + " checkpoints",
                limit,
                () -> rest.get().checkpoints().completed() >= start + more);
    }

    /** Takes a savepoint, after which the job runs on. Answers its path. */
    public String savepoint(Path target, Duration limit) {
        String job = rest().job().id();
        return completed(job, rest().triggerSavepoint(job, target), limit);
    }

    /** Answers the path of the savepoint. */
    public String stopWithSavepoint(Duration limit) {
        String job = rest().job().id();
        return completed(job, rest().stopWithSavepoint(job), limit);
    }

    private String completed(String job, String request, Duration limit) {
        Await.until("the savepoint", limit, () -> !rest().savepoint(job, request).isEmpty());
        return rest().savepoint(job, request);
    }
}
