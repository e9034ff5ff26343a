package io.flinkha.lab.experiment.operations;

import io.flinkha.lab.api.AilingProxy;
import io.flinkha.lab.api.AilingProxy.Ailment;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Program;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.LocalPod;
import io.flinkha.lab.local.ObjectStorage;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.PrometheusServer;
import io.flinkha.lab.measure.Scrape;
import io.flinkha.lab.process.Ports;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Every alert of deploy/components/monitoring, fired and resolved by what it is for. The lease is a
 * quarter of the default one, and so are the times that follow from it; the others are divided by
 * thirty.
 */
public final class Alerts implements LocalExperiment {
    private static final int LEASE_FACTOR = 4;
    private static final int TIME_FACTOR = 30;
    private static final Map<String, Integer> FACTORS = factors();
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int KILLS = 5;

    private static Map<String, Integer> factors() {
        Map<String, Integer> factors = new TreeMap<>();
        List.of("NoLeader", "AgentDown", "RenewalsFail", "ApiUnreachable")
                .forEach(name -> factors.put("FlinkHa" + name, LEASE_FACTOR));
        List.of(
                        "NoProgress",
                        "JobManagerHangs",
                        "FailsOver",
                        "BudgetLow",
                        "StartRefused",
                        "StorageFails",
                        "Failsafe",
                        "CopyNotVerified",
                        "Paused")
                .forEach(name -> factors.put("FlinkHa" + name, TIME_FACTOR));
        return factors;
    }

    private final Map<String, Row> rows = new HashMap<>();
    private final Map<String, Long> brokenAt = new HashMap<>();

    @Override
    public String name() {
        return "alerts";
    }

    @Override
    public void run(Workbench bench, Report report) {
        Path alerts = bench.project().root().resolve("deploy/components/monitoring/alerts.yaml");
        int port = Ports.free();
        PrometheusServer prometheus =
                new PrometheusServer(bench.directory().resolve("prometheus"), port);
        checkRules(bench, report, alerts, prometheus);
        ObjectStorage store = bench.objectStorage();
        Path credentials = bench.directory().resolve("credentials");
        ObjectStorage.writeCredentials(credentials, ObjectStorage.SECRET);
        try (AilingProxy proxy = new AilingProxy(Ports.free(), store.port())) {
            ApplicationSpec spec = spec(bench, store, proxy, credentials);
            try (LocalApplication application = bench.start("alerts", spec)) {
                application.awaitSteady();
                var unused =
                        bench.start(
                                "prometheus",
                                prometheus.prepare(alerts, FACTORS),
                                Map.of(),
                                bench.directory());
                Await.until("Prometheus", Duration.ofMinutes(1), prometheus::answers);
                prometheus.scrape(application.pod().managementPort());
                checkMetrics(report, application);
                quiet(report, prometheus);
                apiServerAway(report, application, prometheus);
                agentAway(report, application, prometheus);
                checkpointsStop(report, application, prometheus);
                jobManagerHangs(report, application, prometheus);
                paused(report, application, prometheus);
                storageFails(report, prometheus, proxy);
                jobManagerDies(report, application, prometheus);
                startRefused(report, application, spec, prometheus);
            }
            secondWitness(bench, report, store, prometheus);
        }
    }

    private static ApplicationSpec spec(
            Workbench bench, ObjectStorage store, AilingProxy proxy, Path credentials) {
        return bench.counting(Side.AGENT, "alerts")
                // No progress is twice the longer of interval and time-out.
                .withFlink("execution.checkpointing.timeout", "10s")
                // Or nothing would end the leader.
                .withAgent("FLINK_HA_FAILSAFE", "false")
                .withAgent("FLINK_HA_LEASE_DURATION", "15s")
                .withAgent("FLINK_HA_LEASE_RENEW_DEADLINE", "11s")
                .withAgent("FLINK_HA_LEASE_RETRY_PERIOD", "2500ms")
                .withAgent("FLINK_HA_RESTART_MAX_FAILURES", "7")
                .withAgent("FLINK_HA_RESTART_WINDOW", "90s")
                .withAgent("FLINK_HA_STORAGE_URI", store.uri())
                .withAgent("FLINK_HA_STORAGE_ENDPOINT", "http://127.0.0.1:" + proxy.port())
                .withAgent("FLINK_HA_STORAGE_TIMEOUT", "5s")
                .withAgent("AWS_SHARED_CREDENTIALS_FILE", credentials.toString())
                .withAgent("AWS_EC2_METADATA_DISABLED", "true");
    }

    /** On the rules as they are shipped. */
    private static void checkRules(
            Workbench bench, Report report, Path alerts, PrometheusServer prometheus) {
        prometheus.write("alerts-rules.yaml", PrometheusServer.rules(alerts, Map.of()));
        Path directory = bench.directory().resolve("prometheus");
        Path test = alerts.resolveSibling("alerts-test.yaml");
        prometheus.write("alerts-test.yaml", Directories.text(test));
        promtool(
                report,
                new ProcessBuilder("promtool", "check", "rules", "alerts-rules.yaml")
                        .directory(directory.toFile()));
        promtool(
                report,
                new ProcessBuilder("promtool", "test", "rules", "alerts-test.yaml")
                        .directory(directory.toFile()));
    }

    private static void checkMetrics(Report report, LocalApplication application) {
        Path metrics = application.directory().root().resolve("metrics.txt");
        // What its own libraries register is not ours to name.
        List<String> ours =
                Scrape.of(application.pod().managementPort(), Scrape.TEXT)
                        .text()
                        .lines()
                        .filter(line -> line.contains("flink_ha_") || line.contains("leader_"))
                        .toList();
        var unused = Directories.write(metrics, String.join("\n", ours) + "\n");
        promtool(
                report,
                new ProcessBuilder("promtool", "check", "metrics").redirectInput(metrics.toFile()));
    }

    private static void promtool(Report report, ProcessBuilder builder) {
        String what = String.join(" ", builder.command());
        try {
            Program.Ran ran = Program.tried(builder);
            report.row(what)
                    .sentence(ran.said().replaceAll("\\s+", " "))
                    .claim("it passes", ran.code() == 0);
        } catch (UncheckedIOException e) {
            throw new IllegalStateException(
                    "promtool cannot be started: install Prometheus (Debian: apt-get install prometheus).",
                    e);
        }
    }

    private static void quiet(Report report, PrometheusServer prometheus) {
        Await.pass(Duration.ofSeconds(20));
        Set<String> firing = prometheus.firing();
        report.row("no fault").claim("no alert: " + firing, firing.isEmpty());
    }

    private void apiServerAway(
            Report report, LocalApplication application, PrometheusServer prometheus) {
        String fault = "the API server is away";
        broken(report, fault, "FlinkHaRenewalsFail", "FlinkHaApiUnreachable", "FlinkHaNoLeader");
        application.proxy().refuse();
        fires(prometheus, "FlinkHaRenewalsFail");
        fires(prometheus, "FlinkHaApiUnreachable");
        fires(prometheus, "FlinkHaNoLeader");
        application.proxy().accept();
        mended(prometheus, "FlinkHaRenewalsFail", "FlinkHaApiUnreachable", "FlinkHaNoLeader");
        application.awaitCheckpointed();
    }

    private void agentAway(
            Report report, LocalApplication application, PrometheusServer prometheus) {
        LocalPod pod = application.pod();
        broken(report, "the agent is killed and not started again", "FlinkHaAgentDown");
        pod.agent().restartDelay(Duration.ofSeconds(45));
        int ended = pod.agent().exitCodes().size();
        pod.agent().kill();
        Await.until("its end", LIMIT, () -> pod.agent().exitCodes().size() > ended);
        pod.agent().restartDelay(Duration.ZERO);
        fires(prometheus, "FlinkHaAgentDown");
        Await.until("the agent's return", LIMIT, () -> Ports.answers(pod.controlPort()));
        mended(prometheus, "FlinkHaAgentDown");
        Await.until("the job RUNNING", LIMIT, () -> pod.rest().job().allRunning());
    }

    private void checkpointsStop(
            Report report, LocalApplication application, PrometheusServer prometheus) {
        broken(report, "the TaskManager hangs (SIGSTOP): no checkpoint", "FlinkHaNoProgress");
        application.taskManager().pause();
        fires(prometheus, "FlinkHaNoProgress");
        application.taskManager().resume();
        mended(prometheus, "FlinkHaNoProgress");
    }

    private void jobManagerHangs(
            Report report, LocalApplication application, PrometheusServer prometheus) {
        broken(report, "the JobManager hangs (SIGSTOP)", "FlinkHaJobManagerHangs");
        long epoch = application.epoch();
        application.jobManager().pause();
        Await.until("the next epoch", LIMIT, () -> application.epoch() > epoch);
        fires(prometheus, "FlinkHaJobManagerHangs");
        mended(prometheus, "FlinkHaJobManagerHangs");
        Await.until("the job RUNNING", LIMIT, () -> application.rest().job().allRunning());
    }

    private void paused(Report report, LocalApplication application, PrometheusServer prometheus) {
        broken(report, "a person has called flink-ha-agent pause", "FlinkHaPaused");
        Console.event(application.pod().command("pause", "-o", "text").strip());
        fires(prometheus, "FlinkHaPaused");
        Console.event(application.pod().command("resume", "-o", "text").strip());
        mended(prometheus, "FlinkHaPaused");
    }

    private void storageFails(Report report, PrometheusServer prometheus, AilingProxy proxy) {
        broken(report, "the object store answers 503 SlowDown", "FlinkHaStorageFails");
        proxy.ail(Ailment.SLOW_DOWN);
        fires(prometheus, "FlinkHaStorageFails");
        proxy.ail(Ailment.NONE);
        mended(prometheus, "FlinkHaStorageFails");
    }

    private void jobManagerDies(
            Report report, LocalApplication application, PrometheusServer prometheus) {
        broken(
                report,
                "the JobManager is killed %d times".formatted(KILLS),
                "FlinkHaFailsOver",
                "FlinkHaBudgetLow");
        for (int kill = 0; kill < KILLS; kill++) {
            long epoch = application.epoch();
            application.jobManager().kill();
            Await.until("the next epoch", LIMIT, () -> application.epoch() > epoch);
            Await.until("the next JobManager", LIMIT, () -> application.rest().job().allRunning());
        }
        fires(prometheus, "FlinkHaFailsOver");
        fires(prometheus, "FlinkHaBudgetLow");
        mended(prometheus, "FlinkHaFailsOver", "FlinkHaBudgetLow");
    }

    /** What a person would do about it, with the command for it. */
    private void startRefused(
            Report report,
            LocalApplication application,
            ApplicationSpec spec,
            PrometheusServer prometheus) {
        application.awaitCheckpointed();
        String newest = application.manifest().path("checkpoints").path(0).path("path").asText();
        broken(report, "a new Job's only state is older than it may be", "FlinkHaStartRefused");
        LocalPod pod = application.replaceJob(spec.withAgent("FLINK_HA_RESTORE_MAX_AGE", "1s"));
        pod.jobManager().restartDelay(Duration.ofSeconds(3));
        prometheus.scrape(pod.managementPort());
        fires(prometheus, "FlinkHaStartRefused");
        Console.event(pod.command("restore", "--from", newest, "--yes", "-o", "text").strip());
        mended(prometheus, "FlinkHaStartRefused");
        Await.until("the job RUNNING", LIMIT, () -> pod.rest().job().allRunning());
    }

    /** An application of its own: without the storage as witness, nobody leads in an outage. */
    private void secondWitness(
            Workbench bench, Report report, ObjectStorage store, PrometheusServer prometheus) {
        ApplicationSpec spec =
                store.holds(bench.counting(Side.AGENT, "witness"))
                        .withAgent("FLINK_HA_FAILSAFE", "true");
        try (LocalApplication application = bench.start("witness", spec)) {
            application.awaitSteady();
            prometheus.scrape(application.pod().managementPort());
            broken(report, "the API server is away, and the storage is not", "FlinkHaFailsafe");
            application.proxy().refuse();
            fires(prometheus, "FlinkHaFailsafe");
            application.proxy().accept();
            mended(prometheus, "FlinkHaFailsafe");
            application.awaitCheckpoints(2, LIMIT);
            broken(report, "somebody forges a copy of the manifest", "FlinkHaCopyNotVerified");
            Path copies = store.bucket().resolve("default/witness/manifests");
            var unused =
                    Directories.write(copies.resolve("0999999999-000000000001.json"), "forged");
            LocalPod pod = application.replacePod(spec);
            prometheus.scrape(pod.managementPort());
            fires(prometheus, "FlinkHaCopyNotVerified");
            mended(prometheus, "FlinkHaCopyNotVerified");
        }
    }

    private void broken(Report report, String fault, String... alerts) {
        Console.event("=== " + fault);
        for (String alert : alerts) {
            rows.put(
                    alert,
                    report.row(alert)
                            .figure("fault", fault)
                            .figure("timesDividedBy", FACTORS.get(alert)));
            brokenAt.put(alert, System.currentTimeMillis());
        }
    }

    private void fires(PrometheusServer prometheus, String alert) {
        Row row = rows.getOrDefault(alert, new Row(alert));
        boolean fired = Await.holdsWithin(LIMIT, () -> prometheus.firing().contains(alert));
        long after = System.currentTimeMillis() - brokenAt.getOrDefault(alert, 0L);
        Console.event(alert + (fired ? " fires" : " does NOT fire"));
        row.figure("toFiringMillis", after).claim("it fires", fired);
    }

    private void mended(PrometheusServer prometheus, String... alerts) {
        long at = System.currentTimeMillis();
        for (String alert : alerts) {
            boolean over = Await.holdsWithin(LIMIT, () -> !prometheus.firing().contains(alert));
            Console.event(alert + (over ? " is resolved" : " is NOT resolved"));
            rows.getOrDefault(alert, new Row(alert))
                    .figure("toResolvedMillis", System.currentTimeMillis() - at)
                    .claim("it is resolved", over);
        }
    }
}
