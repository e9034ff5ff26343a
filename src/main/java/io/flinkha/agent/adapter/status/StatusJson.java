package io.flinkha.agent.adapter.status;

import io.flinkha.agent.adapter.status.ApplicationStatus.KubernetesJob;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.manifest.Savepoint;
import io.flinkha.agent.core.restart.JobView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An application's status for programs: what is not known is null. */
public final class StatusJson {
    private final ApplicationStatus status;
    private final Manifest manifest;

    StatusJson(ApplicationStatus status) {
        this.status = status;
        this.manifest = status.manifest();
    }

    /** All of it, as a command shows it. */
    public static JsonObject of(ApplicationStatus status) {
        StatusJson json = new StatusJson(status);
        String renewed = status.renewed() == null ? null : status.renewed().toString();
        JsonObject all =
                new JsonObject()
                        .put("clusterId", status.clusterId())
                        .put("namespace", status.namespace())
                        .put(
                                "leadership",
                                json.withReason(json.leader(new JsonObject()))
                                        .put("renewed", renewed))
                        .put("wishes", json.wishes());
        return json.manifest(all).put("kubernetesJob", kubernetesJob(status.kubernetesJob()));
    }

    /**
     * Who led, newest first.
     *
     * @param row what is told of each
     */
    public static JsonObject history(
            String clusterId, Manifest manifest, Function<Leadership, JsonObject> row) {
        JsonArray newestFirst = new JsonArray();
        manifest.history().reversed().stream().map(row).forEach(newestFirst::add);
        return new JsonObject().put("clusterId", clusterId).put("leaderships", newestFirst);
    }

    public static JsonObject leadership(Leadership one) {
        return new JsonObject()
                .put("epoch", one.epoch())
                .put("holder", one.holder())
                .put("time", one.time())
                .put("reason", one.reason());
    }

    JsonObject leader(JsonObject into) {
        Leadership leadership = status.leadership();
        return into.put("holder", status.holder())
                .put("epoch", status.epoch())
                .put("since", leadership == null ? null : leadership.time())
                .put("standby", status.standby());
    }

    JsonObject withReason(JsonObject leader) {
        Leadership leadership = status.leadership();
        return leader.put("reason", leadership == null ? null : leadership.reason());
    }

    /** Those that are still to be carried out. */
    JsonObject wishes() {
        Wishes wishes = status.wishes();
        boolean restores = status.isToRestore();
        return new JsonObject()
                .put("paused", wishes.isPaused() ? wishes.paused() : null)
                .put("stepDown", status.isToStepDown() ? wishes.stepDown() : null)
                .put("restoreFrom", restores ? wishes.restoreFrom() : null)
                .put("restoreAfter", restores ? wishes.restoreAfter() : null);
    }

    JsonObject manifest(JsonObject into) {
        return into.put("job", job())
                .put("checkpoints", checkpoints())
                .put("savepoint", savepoint(manifest.savepoint()))
                .put("restoredFrom", restored(manifest.restoredFrom()));
    }

    private @Nullable JsonObject job() {
        Run run = manifest.run();
        if (run == null) {
            return null;
        }
        return new JsonObject()
                .put("jobId", run.jobId())
                .put("jobName", run.jobName().isEmpty() ? null : run.jobName())
                .put("firstEpoch", run.epoch())
                .put("revision", revision(manifest.revision()))
                .put("plan", plan(manifest.plan()))
                .put("result", result(manifest.result()));
    }

    private static @Nullable JsonObject revision(@Nullable Revision revision) {
        return revision == null
                ? null
                : new JsonObject()
                        .put("controller", revision.controller())
                        .put("flink", revision.flink())
                        .put("userCode", revision.userCode());
    }

    private static @Nullable JsonObject plan(@Nullable PlanRef plan) {
        return plan == null
                ? null
                : new JsonObject().put("sha256", plan.sha256()).put("bytes", plan.bytes());
    }

    private static @Nullable JsonObject result(@Nullable JobResult result) {
        return result == null
                ? null
                : new JsonObject()
                        .put("status", result.status().name())
                        .put("cause", result.cause())
                        .put("time", result.time())
                        .put("savepoint", result.savepoint())
                        .put("discarded", result.discarded());
    }

    private JsonArray checkpoints() {
        JsonArray newestFirst = new JsonArray();
        for (Checkpoint one : manifest.checkpoints().reversed()) {
            newestFirst.add(state(one.path(), one.completedAt()).put("id", one.id()));
        }
        return newestFirst;
    }

    private @Nullable JsonObject savepoint(@Nullable Savepoint savepoint) {
        return savepoint == null
                ? null
                : state(savepoint.path(), savepoint.completedAt()).put("jobId", savepoint.jobId());
    }

    private JsonObject state(String path, long completedAt) {
        return new JsonObject()
                .put("path", path)
                .put("completedAt", ApplicationStatus.time(completedAt))
                .put("ageSeconds", status.ageSeconds(completedAt));
    }

    private static @Nullable JsonObject restored(@Nullable RestoredFrom from) {
        return from == null
                ? null
                : new JsonObject()
                        .put("path", from.path())
                        .put("claimMode", from.claimMode().name())
                        .put("allowNonRestoredState", from.allowNonRestoredState())
                        .put("completedAt", ApplicationStatus.time(from.completedAt()));
    }

    private static @Nullable JsonObject kubernetesJob(@Nullable KubernetesJob job) {
        if (job == null || job.seen() == null) {
            return null;
        }
        return ofJob(job).put("over", job.seen().over());
    }

    /** What agent and commands tell alike; unknown is null. */
    static JsonObject ofJob(KubernetesJob job) {
        JobView seen = job.seen();
        return new JsonObject()
                .put("name", job.name())
                .put("suspended", seen == null ? null : seen.suspended())
                .put("failed", seen == null ? null : seen.failed())
                .put("backoffLimit", seen == null ? null : seen.backoffLimit());
    }
}
