package io.flinkha.lab.experiment.failover;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.application.Application;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.LocalPod;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.FlinkLog;
import io.flinkha.lab.measure.StartPhase;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** An agent is stopped for longer than its lease while a second one waits for the leadership. */
public final class Standoff implements LocalExperiment {
    private static final int CALLS = 5;

    @Override
    public String name() {
        return "standoff";
    }

    @Override
    public void run(Workbench bench, Report report) {
        ApplicationSpec spec =
                bench.counting(Side.AGENT, "standoff")
                        .withAgent("FLINK_HA_LEASE_DURATION", "15s")
                        .withAgent("FLINK_HA_LEASE_RENEW_DEADLINE", "10s")
                        .withAgent("FLINK_HA_LEASE_RETRY_PERIOD", "2s");
        try (LocalApplication application = bench.start("standoff", spec)) {
            application.awaitSteady();
            LocalPod first = application.pod();
            LocalPod second = application.addPod();
            // The second JobManager must stand at the gate before the first agent is stopped.
            Await.until(
                    "the second JobManager at its gate",
                    Duration.ofMinutes(1),
                    () -> second.rest().answers());
            Application.awaitCheckpoints(first::rest, 3, Duration.ofMinutes(1));
            Row row = report.row("standoff");
            contend(application, first, second, row);
            int exitCode = application.finish(second);
            application
                    .output(Application.RECORDS)
                    .verify(row)
                    .figure("mainRuns", application.mainRuns())
                    .claim("the job finished", exitCode == 0)
                    .claim("main() ran once", application.mainRuns() == 1);
        }
    }

    private static void contend(
            LocalApplication application, LocalPod first, LocalPod second, Row row) {
        JsonNode manifest = application.manifest();
        long epoch = manifest.path("epoch").asLong();
        QueuedCalls calls = new QueuedCalls(first);
        long highest = manifest.path("reservedTo").asLong();
        boolean accepted = calls.acceptedWhileLeading(epoch, highest);
        long jobManager = first.jobManager().current().pid();
        int exits = first.jobManager().exitCodes().size();
        long stoppedAt = System.currentTimeMillis();
        first.agent().pause();
        String jobId = manifest.path("run").path("jobId").asText();
        String directory = application.directory().checkpoints().toUri() + jobId;
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
        Application.awaitCheckpoints(second::rest, 5, Duration.ofMinutes(1));
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
                .figure("epochAfter", application.epoch())
                .claim("the first JobManager was dead before the second led", deadAt < openedAt)
                .claim("such calls are accepted while the agent leads", accepted)
                .claim("calls were queued", queued == CALLS)
                .claim("no queued call was acknowledged", acknowledged == 0)
                .claim("the epoch rose", application.epoch() > epoch);
    }

    private static OptionalLong grantedAt(LocalPod pod) {
        return FlinkLog.read(pod.jobManager().current().log())
                .firstAfter(0, StartPhase.LEADERSHIP.pattern());
    }
}
