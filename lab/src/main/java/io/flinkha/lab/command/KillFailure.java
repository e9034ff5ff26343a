package io.flinkha.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.Json;
import io.flinkha.lab.api.CommitHold;
import io.flinkha.lab.api.ControlProxy;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.command.KillPoint.Scene;
import io.flinkha.lab.command.KillScene.Before;
import io.flinkha.lab.measure.CommittedOutput;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.report.Row;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Kill points of a job that fails for good: until that is recorded it is resumed, and from then on
 * it never runs again.
 *
 * <p>Fabric8's mock runs no Job controller: nobody ends the Job for what it was told, so the agent
 * tells it and no more. Of a patch the mock checks the version, but takes any UID.
 */
final class KillFailure {
    private static final String JOBS = "/apis/batch/v1/namespaces/default/jobs";

    /** As deploy/ sets it: what the agent patches has to show. */
    private static final int BACKOFF_LIMIT = 1_000;

    private KillFailure() {}

    static void run(Bench bench, ClusterSpec spec, KillPoint point, long records, Row row) {
        Console.event("=== " + point.name());
        String job = spec.clusterId();
        ClusterSpec own =
                spec.withFlink("restart-strategy.type", "none")
                        .withAgent("FLINK_HA_JOB_NAME", job)
                        .withAgent("FLINK_HA_CONTROLLER_UID", createJob(bench, job));
        try (Cluster cluster = bench.prepare(job, own)) {
            ControlProxy control = cluster.openControlProxy();
            KillScene scene = new KillScene(cluster, control);
            cluster.start();
            Stage.awaitSteady(cluster);
            Before unhurt = Before.of(cluster);
            CommitHold hold = point.target().hold(cluster, control, point.point());
            scene.trigger(Scene.FAILED);
            Before before = scene.strike(point, hold, unhurt);
            judge(cluster, scene, before, point, records, row);
        }
    }

    /** Answers the UID that the API server gave it. */
    private static String createJob(Bench bench, String name) {
        Map<String, Object> job =
                Map.of(
                        "apiVersion",
                        "batch/v1",
                        "kind",
                        "Job",
                        "metadata",
                        Map.of("name", name, "namespace", "default"),
                        "spec",
                        Map.of("backoffLimit", BACKOFF_LIMIT));
        return bench.api()
                .write("POST", JOBS, Json.MAPPER.valueToTree(job))
                .path("metadata")
                .path("uid")
                .asText();
    }

    private static JsonNode job(Cluster cluster) {
        return cluster.bench().api().object(JOBS + "/" + cluster.spec().clusterId());
    }

    private static boolean isTold(Cluster cluster) {
        return job(cluster).path("spec").path("backoffLimit").asInt() == 0;
    }

    private static void judge(
            Cluster cluster,
            KillScene scene,
            Before before,
            KillPoint point,
            long records,
            Row row) {
        Child jobManager = cluster.jobManager();
        Await.until(
                "a JobManager that has ended for good, or a job that runs again",
                KillScene.LIMIT,
                () -> jobManager.over().isPresent() || runsAgain(cluster, before));
        boolean again = runsAgain(cluster, before);
        OptionalLong restored = KillScene.restored(jobManager.current().log());
        boolean mustResume = !before.result() && point.blow().killsJobManager;
        row.figure("endState", again ? "resumed, finished" : "failed")
                .figure("recordedBefore", before.result())
                .figure("acknowledgedCheckpoint", before.acknowledged())
                .figure("restoredCheckpoint", again ? restored.orElse(0) : null)
                .claim("it runs again only if nothing was recorded", again == mustResume)
                .claim("main() did not run again", cluster.mainRuns() == before.mainRuns());
        Console.event(again ? "    resumed" : "    failed");
        if (again) {
            scene.finish();
            CommittedOutput output = CommittedOutput.read(Trial.output(cluster), records);
            row.figure("exitCode", jobManager.over().orElse(-1))
                    .figure("jobTold", isTold(cluster))
                    .claim("from the newest acknowledged checkpoint", isNewest(restored, before))
                    .claim("every record is committed exactly once", output.exactlyOnce())
                    .claim("the last exit code is 0", jobManager.over().orElse(-1) == 0)
                    .claim("the Job is not told to fail", !isTold(cluster));
            return;
        }
        boolean told = Await.holdsWithin(KillScene.LIMIT, () -> isTold(cluster));
        row.figure("exitCode", jobManager.over().orElse(-1))
                .figure("jobTold", told)
                .claim("the last exit code is 163", jobManager.over().orElse(-1) == 163)
                .claim("the Job is told to fail", told)
                .claim("the result is recorded", isFailed(cluster))
                .claim("the newest state is named yet", isNamed(cluster, before));
    }

    private static boolean runsAgain(Cluster cluster, Before before) {
        Child jobManager = cluster.jobManager();
        return jobManager.starts() > before.starts() && KillScene.runs(jobManager.current().log());
    }

    private static boolean isNewest(OptionalLong restored, Before before) {
        return restored.orElse(-1) >= before.acknowledged();
    }

    private static boolean isFailed(Cluster cluster) {
        return Stage.manifest(cluster).path("result").path("status").asText().equals("FAILED");
    }

    private static boolean isNamed(Cluster cluster, Before before) {
        return KillScene.newest(Stage.manifest(cluster)) >= before.acknowledged();
    }
}
