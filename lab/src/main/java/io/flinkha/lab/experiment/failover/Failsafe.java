package io.flinkha.lab.experiment.failover;

import io.flinkha.lab.api.PausingProxy;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.Application;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.application.Undisturbed;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.experiment.operations.ApiWindow;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.FlinkJob;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.LocalPod;
import io.flinkha.lab.local.ObjectStorage;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.CheckpointPointer;
import io.flinkha.lab.measure.FlinkLog;
import io.flinkha.lab.measure.JobManagerRest.CheckpointView;
import io.flinkha.lab.measure.StartPhase;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** The storage as second witness: what it bears, and that there is one leader all the same. */
public final class Failsafe implements LocalExperiment {
    /** The longest outage on processes must end before the records do. */
    private static final int PER_SECOND = 40;

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Predicate<String> only;
    private final Duration outage;
    private final int cuts;

    /**
     * All of it, or what is chosen by name.
     *
     * @param minutes for which the API server is away
     * @param cuts how often the leader is cut off while another pod contends
     */
    public Failsafe(Predicate<String> only, int minutes, int cuts) {
        this.only = only;
        this.outage = Duration.ofMinutes(minutes);
        this.cuts = cuts;
    }

    @Override
    public String name() {
        return "failsafe";
    }

    @Override
    public void run(Workbench bench, Report report) {
        List<Trial> trials = new ArrayList<>();
        trials.add(
                new Trial(
                        "API server away for %d min, S3".formatted(outage.toMinutes()),
                        this::apiServerAway));
        trials.add(new Trial("API server and storage away", Failsafe::bothAway));
        trials.add(new Trial("leader cut off from the API server", this::cutOff));
        trials.addAll(FailsafeHealing.trials());
        trials.add(
                new Trial(
                        "API requests, lease 15 s",
                        (at, id, row) -> requests(at, counting(at, id), row, 24)));
        trials.add(
                new Trial(
                        "API requests, lease 60 s",
                        (at, id, row) -> requests(at, at.counting(Side.AGENT, id), row, 7)));
        Trial.run(bench, report, "failsafe", only, trials);
        FailsafeAnswers.run(bench, report, only);
        FailsafeKills.run(bench, report, name -> only.test("kill: " + name));
    }

    /** Short leases, as they are recommended beside it. */
    static ApplicationSpec failsafe(ApplicationSpec spec) {
        return spec.withAgent("FLINK_HA_FAILSAFE", "true")
                .withAgent("FLINK_HA_LEASE_DURATION", "15s")
                .withAgent("FLINK_HA_LEASE_RENEW_DEADLINE", "10s")
                .withAgent("FLINK_HA_LEASE_RETRY_PERIOD", "3s");
    }

    private static ApplicationSpec counting(Workbench bench, String id) {
        FlinkJob job =
                FlinkJob.counting(bench.project().demoJob(), Application.RECORDS, PER_SECOND);
        return failsafe(ApplicationSpec.of(Side.AGENT, id, job));
    }

    static void finish(LocalApplication application, LocalPod pod, Row row) {
        int exitCode = application.finish(pod);
        application
                .output(Application.RECORDS)
                .verify(row)
                .figure("mainRuns", application.mainRuns())
                .claim("the job finished", exitCode == 0)
                .claim("main() ran once", application.mainRuns() == 1);
    }

    private void apiServerAway(Workbench bench, String id, Row row) {
        ObjectStorage store = bench.objectStorage();
        try (LocalApplication application = bench.start(id, store.holds(counting(bench, id)))) {
            BeforeFault before = awaitGuarded(application);
            long from = takeApiServerAway(application);
            Await.pass(outage);
            CheckpointView during = application.rest().checkpoints();
            AgentPage page = AgentPage.of(application.pod());
            long now = System.currentTimeMillis();
            application.proxy().accept();
            Console.event("--- the API server is back");
            long newest = page.newestCheckpoint();
            Await.until(
                    "all in the ConfigMap",
                    MINUTE,
                    () -> CheckpointPointer.newest(application.manifest()) >= newest);
            long caughtUp = System.currentTimeMillis() - now;
            application.awaitCheckpoints(5, MINUTE);
            Undisturbed after = Aftermath.of(application, before, from).undisturbed();
            row.figure("awayMillis", now - from)
                    .figure(
                            "completedWhileAway",
                            during.completed() - before.checkpoints().completed())
                    .figure("failedCheckpoints", after.failedCheckpoints())
                    .figure("newestCheckpointAgeMillis", now - page.newestCheckpointAt())
                    .figure("lastCommitAgeMillis", now - page.lastCommitAt())
                    .figure("caughtUpMillis", caughtUp)
                    .figure("processingGapMillis", after.processingGapMillis())
                    .figure(
                            "longestWithoutCheckpointMillis",
                            application.longestWithoutCheckpoint(from))
                    .figure("epochAfter", after.epochAfter())
                    .claim("the newest is at most 5 s old", now - page.lastCommitAt() <= 5_000)
                    .claim("all is in the ConfigMap within 10 s", caughtUp <= 10_000);
            after.claim(row);
            finish(application, application.pod(), row);
        }
    }

    private static BeforeFault awaitGuarded(LocalApplication application) {
        application.awaitSteady();
        awaitReady(application.pod());
        return BeforeFault.of(application);
    }

    private static long takeApiServerAway(LocalApplication application) {
        Console.event("--- the API server is away");
        long from = System.currentTimeMillis();
        application.proxy().refuse();
        return from;
    }

    /** Until then an outage would end the leader as it does without. */
    static void awaitReady(LocalPod pod) {
        Await.until("the storage as witness", MINUTE, () -> AgentPage.of(pod).ready());
    }

    private static void bothAway(Workbench bench, String id, Row row) {
        ObjectStorage store = bench.objectStorage();
        try (LocalApplication application = bench.start(id, store.holds(counting(bench, id)))) {
            BeforeFault before = awaitGuarded(application);
            long from = takeApiServerAway(application);
            Await.pass(Duration.ofSeconds(30));
            Console.event("--- and so is the storage");
            long both = System.currentTimeMillis();
            store.server().pause();
            Await.until(
                    "the JobManager's end",
                    MINUTE,
                    () -> !application.jobManagerProcess().equals(before.jobManager()));
            long gone = System.currentTimeMillis() - both;
            Await.pass(Duration.ofSeconds(10));
            store.server().resume();
            application.proxy().accept();
            Console.event("--- both are back");
            Aftermath.of(application, before, from).awaitFailover(row, LIMIT);
            row.figure("jobManagerGoneMillis", gone)
                    .claim("it ended by its deadline", gone <= 9_000);
            finish(application, application.pod(), row);
        }
    }

    /**
     * The leader reaches the storage, and another pod both: that one takes over, and the old gate
     * is closed before the new one opens.
     */
    private void cutOff(Workbench bench, String id, Row row) {
        ObjectStorage store = bench.objectStorage();
        ApplicationSpec spec = store.holds(counting(bench, id));
        try (LocalApplication application = bench.start(id, spec);
                PausingProxy way = application.newWay()) {
            application.awaitSteady();
            LocalPod first = application.pod();
            LocalPod second = application.addPod(way);
            List<Long> margins = new ArrayList<>();
            List<Long> takeovers = new ArrayList<>();
            for (int i = 0; i < cuts; i++) {
                boolean even = i % 2 == 0;
                PausingProxy ofLeader = even ? application.proxy() : way;
                Takeover takeover =
                        takeover(ofLeader, even ? first : second, even ? second : first);
                margins.add(takeover.marginMillis());
                takeovers.add(takeover.openedMillis());
            }
            row.figure("cuts", cuts)
                    .figure("shortestMarginMillis", min(margins))
                    .figure("longestMarginMillis", max(margins))
                    .figure("shortestTakeoverMillis", min(takeovers))
                    .figure("longestTakeoverMillis", max(takeovers))
                    .figure("epoch", application.epoch())
                    .claim("the old one had ended each time", min(margins) > 0)
                    .claim("an epoch a cut", application.epoch() == 1 + cuts);
            finish(application, cuts % 2 == 0 ? first : second, row);
        }
    }

    /**
     * What was seen of one.
     *
     * @param marginMillis from the end of the old JobManager to the new gate
     */
    private record Takeover(long marginMillis, long openedMillis) {}

    private static Takeover takeover(PausingProxy way, LocalPod old, LocalPod next) {
        Await.until("the next JobManager at its gate", LIMIT, () -> next.rest().answers());
        awaitReady(old);
        Application.awaitCheckpoints(old::rest, 3, MINUTE);
        long pid = old.jobManager().current().pid();
        long from = System.currentTimeMillis();
        Console.event("--- %s is cut off from the API server".formatted(old.name()));
        way.refuse();
        Await.until(
                "the old JobManager's end",
                LIMIT,
                () -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        long dead = System.currentTimeMillis();
        Await.until("the next leadership", LIMIT, () -> grantedAt(next, from).isPresent());
        long opened = grantedAt(next, from).orElse(0);
        Await.until("the job on it", LIMIT, () -> next.rest().job().allRunning());
        way.accept();
        Console.event(
                "the old one was gone after %d ms, the new gate opened %d ms later"
                        .formatted(dead - from, opened - dead));
        return new Takeover(opened - dead, opened - from);
    }

    private static OptionalLong grantedAt(LocalPod pod, long from) {
        return FlinkLog.read(pod.jobManager().current().log())
                .firstAfter(from, StartPhase.LEADERSHIP.pattern());
    }

    /** Beside a checkpoint a second; idle is what is not about it. */
    private static void requests(Workbench bench, ApplicationSpec spec, Row row, int most) {
        try (LocalApplication application = bench.start(spec.clusterId(), spec)) {
            application.awaitSteady();
            ApiWindow window = ApiWindow.over(application, Duration.ofMinutes(2));
            row.figure("idleRequestsPerMinute", window.idlePerMinute())
                    .figure("requestsPerCheckpoint", window.requestsPerCheckpoint())
                    .figure("writesPerCheckpoint", window.writesPerCheckpoint())
                    .claim("at most %d a minute".formatted(most), window.idlePerMinute() <= most);
        }
    }

    private static long min(List<Long> all) {
        return all.stream().mapToLong(Long::longValue).min().orElse(0);
    }

    private static long max(List<Long> all) {
        return all.stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
