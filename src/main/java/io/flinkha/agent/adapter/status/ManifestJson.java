package io.flinkha.agent.adapter.status;

import io.flinkha.agent.core.lease.LeaseRecord;
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
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the cluster's objects hold, in the words that the status page and the commands share. */
public final class ManifestJson {
    private static final long LAST_MILLI = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();

    private final Manifest manifest;
    private final Instant now;

    public ManifestJson(@Nullable Manifest manifest, Instant now) {
        this.manifest = manifest == null ? Manifest.EMPTY : manifest;
        this.now = now;
    }

    /** Those that are still to be carried out. */
    public static JsonObject wishes(@Nullable LeaseRecord lease, @Nullable Manifest manifest) {
        Wishes wishes = lease == null ? Wishes.NONE : lease.wishes();
        Run run = manifest == null ? null : manifest.run();
        boolean ends = lease != null && lease.held() && wishes.stepDown() == lease.epoch();
        boolean restores = wishes.restore(Long.MAX_VALUE, run == null ? 0 : run.epoch());
        return new JsonObject()
                .put("paused", wishes.isPaused() ? wishes.paused() : null)
                .put("stepDown", ends ? wishes.stepDown() : null)
                .put("restoreFrom", restores ? wishes.restoreFrom() : null)
                .put("restoreAfter", restores ? wishes.restoreAfter() : null);
    }

    /** How an epoch began; null if it is not in the history. */
    public static @Nullable Leadership leadership(@Nullable Manifest manifest, long epoch) {
        return manifest == null
                ? null
                : manifest.history().stream()
                        .filter(one -> one.epoch() == epoch)
                        .findFirst()
                        .orElse(null);
    }

    public static JsonObject leadership(Leadership one) {
        return new JsonObject()
                .put("epoch", one.epoch())
                .put("holder", one.holder())
                .put("time", one.time())
                .put("reason", one.reason());
    }

    /** All of it that does not depend on who answers. */
    public JsonObject putInto(JsonObject status) {
        return status.put("job", job())
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
        String time = time(completedAt);
        return new JsonObject()
                .put("path", path)
                .put("completedAt", time)
                .put(
                        "ageSeconds",
                        time == null
                                ? null
                                : Math.max(0, (now.toEpochMilli() - completedAt) / 1_000));
    }

    private static @Nullable JsonObject restored(@Nullable RestoredFrom from) {
        return from == null
                ? null
                : new JsonObject()
                        .put("path", from.path())
                        .put("claimMode", from.claimMode().name())
                        .put("allowNonRestoredState", from.allowNonRestoredState())
                        .put("completedAt", time(from.completedAt()));
    }

    /** RFC 3339; null where it is not known (0), or has no year of four digits. */
    private static @Nullable String time(long millis) {
        return millis < 1 || millis > LAST_MILLI ? null : Instant.ofEpochMilli(millis).toString();
    }
}
