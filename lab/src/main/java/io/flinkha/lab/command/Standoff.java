package io.flinkha.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.cluster.Pod;
import io.flinkha.lab.measure.FlinkLog;
import io.flinkha.lab.measure.Phase;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** An agent is stopped for longer than its lease while a second one waits for the leadership. */
public final class Standoff implements Command {
    private static final int CALLS = 5;

    @Override
    public String name() {
        return "standoff";
    }

    @Override
    public void run(Bench bench, Report report) {
        ClusterSpec spec =
                Stage.counting(bench, Kind.AGENT, "standoff")
                        .withAgent("FLINK_HA_LEASE_DURATION", "15s")
                        .withAgent("FLINK_HA_LEASE_RENEW_DEADLINE", "10s")
                        .withAgent("FLINK_HA_LEASE_RETRY_PERIOD", "2s");
        try (Cluster cluster = bench.start("standoff", spec)) {
            Stage.awaitSteady(cluster);
            Pod first = cluster.pod();
            Pod second = cluster.addPod();
            // The second JobManager must stand at the gate before the first agent is stopped.
            Await.until(
                    "the second JobManager at its gate",
                    Duration.ofMinutes(1),
                    () -> second.rest().answers());
            Stage.awaitCheckpoints(first, 3, Duration.ofMinutes(1));
            Row row = report.row("standoff");
            contend(cluster, first, second, row);
            int exitCode = Stage.finish(cluster, second);
            Stage.verifyOutput(row, cluster)
                    .figure("mainRuns", cluster.mainRuns())
                    .claim("the job finished", exitCode == 0)
                    .claim("main() ran once", cluster.mainRuns() == 1);
        }
    }

    private static void contend(Cluster cluster, Pod first, Pod second, Row row) {
        JsonNode manifest = Stage.manifest(cluster);
        long epoch = manifest.path("epoch").asLong();
        QueuedCalls calls = new QueuedCalls(first);
        long highest = manifest.path("reservedTo").asLong();
        boolean accepted = calls.acceptedWhileLeading(epoch, highest);
        long jobManager = first.jobManager().current().pid();
        int exits = first.jobManager().exitCodes().size();
        long stoppedAt = System.currentTimeMillis();
        first.agent().pause();
        String jobId = manifest.path("run").path("jobId").asText();
        String directory = cluster.lab().checkpoints().toUri() + jobId;
        for (int i = 1; i <= CALLS; i++) {
            calls.send(epoch, jobId, highest - i, directory);
        }
        Await.until(
                "the end of the first JobManager",
                Duration.ofMinutes(1),
                () -> !ProcessHandle.of(jobManager).map(ProcessHandle::isAlive).orElse(false));
        long deadAt = System.currentTimeMillis();
        Console.event("the first JobManager is dead");
        Await.until(
                "the second one's leadership",
                Duration.ofMinutes(2),
                () -> grantedAt(second).isPresent());
        long openedAt = grantedAt(second).orElse(0);
        Console.event("the second one leads");
        Await.until(
                "the job on the second JobManager",
                Duration.ofMinutes(2),
                () -> second.rest().job().allRunning());
        int queued = calls.unanswered();
        first.agent().resume();
        long wokenAt = System.currentTimeMillis();
        Stage.awaitCheckpoints(second, 5, Duration.ofMinutes(1));
        List<String> answers = calls.answers();
        answers.forEach(answer -> Console.event("answer of the woken agent: " + answer));
        long acknowledged = answers.stream().filter(text -> text.startsWith("200")).count();
        row.figure("jobManagerDeadMillis", deadAt - stoppedAt)
                .figure("jobManagerExitCode", first.jobManager().exitCodes().get(exits))
                .figure("secondGateOpenMillis", openedAt - stoppedAt)
                .figure("agentWokenMillis", wokenAt - stoppedAt)
                .figure("callsQueued", queued)
                .figure("callsAcknowledged", acknowledged)
                .figure("epochBefore", epoch)
                .figure("epochAfter", Stage.epoch(cluster))
                .claim("the first JobManager was dead before the second led", deadAt < openedAt)
                .claim("such calls are accepted while the agent leads", accepted)
                .claim("calls were queued", queued == CALLS)
                .claim("no queued call was acknowledged", acknowledged == 0)
                .claim("the epoch rose", Stage.epoch(cluster) > epoch);
    }

    private static OptionalLong grantedAt(Pod pod) {
        return FlinkLog.read(pod.jobManager().current().log())
                .firstAfter(0, Phase.LEADERSHIP.pattern());
    }
}
