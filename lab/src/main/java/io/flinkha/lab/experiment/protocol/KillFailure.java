package io.flinkha.lab.experiment.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.api.CommitHold;
import io.flinkha.lab.api.ControlProxy;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.experiment.protocol.KillPoint.Scene;
import io.flinkha.lab.experiment.protocol.KillScene.Before;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.CheckpointPointer;
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

    static void run(Workbench bench, ApplicationSpec spec, KillPoint point, long records, Row row) {
        Console.event("=== " + point.name());
        String job = spec.clusterId();
        ApplicationSpec own =
                spec.withFlink("restart-strategy.type", "none")
                        .withAgent("FLINK_HA_JOB_NAME", job)
                        .withAgent("FLINK_HA_CONTROLLER_UID", createJob(bench, job));
        try (LocalApplication application = bench.prepare(job, own)) {
            ControlProxy control = application.openControlProxy();
            KillScene scene = new KillScene(application, control);
            application.start();
            application.awaitSteady();
            Before unhurt = Before.of(application);
            CommitHold hold = point.target().hold(application, control, point.point());
            scene.trigger(Scene.FAILED);
            Before before = scene.strike(point, hold, unhurt);
            judge(application, scene, before, point, records, row);
        }
    }

    /** Answers the UID that the API server gave it. */
    private static String createJob(Workbench bench, String name) {
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

    private static JsonNode job(LocalApplication application) {
        return application.bench().api().object(JOBS + "/" + application.spec().clusterId());
    }

    private static boolean isTold(LocalApplication application) {
        return job(application).path("spec").path("backoffLimit").asInt() == 0;
    }

    private static void judge(
            LocalApplication application,
            KillScene scene,
            Before before,
            KillPoint point,
            long records,
            Row row) {
        Child jobManager = application.jobManager();
        Await.until(
                "a JobManager that has ended for good, or a job that runs again",
                KillScene.LIMIT,
                () -> jobManager.over().isPresent() || runsAgain(application, before));
        boolean again = runsAgain(application, before);
        OptionalLong restored = KillScene.restored(jobManager.current().log());
        boolean mustResume = !before.result() && point.blow().killsJobManager;
        row.figure("endState", again ? "resumed, finished" : "failed")
                .figure("recordedBefore", before.result())
                .figure("acknowledgedCheckpoint", before.acknowledged())
                .figure("restoredCheckpoint", again ? restored.orElse(0) : null)
                .claim("it runs again only if nothing was recorded", again == mustResume);
        Aftermath.claimNoMainRun(row, application.mainRuns() - before.mainRuns());
        Console.event(again ? "    resumed" : "    failed");
        if (again) {
            scene.finish();
            application
                    .output(records)
                    .claimExactlyOnce(row)
                    .figure("exitCode", jobManager.over().orElse(-1))
                    .figure("jobTold", isTold(application))
                    .claim("from the newest acknowledged checkpoint", isNewest(restored, before))
                    .claim("the last exit code is 0", jobManager.over().orElse(-1) == 0)
                    .claim("the Job is not told to fail", !isTold(application));
            return;
        }
        boolean told = Await.holdsWithin(KillScene.LIMIT, () -> isTold(application));
        row.figure("exitCode", jobManager.over().orElse(-1))
                .figure("jobTold", told)
                .claim("the last exit code is 163", jobManager.over().orElse(-1) == 163)
                .claim("the Job is told to fail", told)
                .claim("the result is recorded", isFailed(application))
                .claim("the newest state is named yet", isNamed(application, before));
    }

    private static boolean runsAgain(LocalApplication application, Before before) {
        Child jobManager = application.jobManager();
        return jobManager.starts() > before.starts() && KillScene.runs(jobManager.current().log());
    }

    private static boolean isNewest(OptionalLong restored, Before before) {
        return restored.orElse(-1) >= before.acknowledged();
    }

    private static boolean isFailed(LocalApplication application) {
        return application.result().equals("FAILED");
    }

    private static boolean isNamed(LocalApplication application, Before before) {
        return CheckpointPointer.newest(application.manifest()) >= before.acknowledged();
    }
}
