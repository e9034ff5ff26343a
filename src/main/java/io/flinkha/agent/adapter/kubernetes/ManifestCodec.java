package io.flinkha.agent.adapter.kubernetes;

import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Parked;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.manifest.Savepoint;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The manifest as JSON, version 1, or 2 where its leader may hold on by the storage: who does not
 * know of that must not take over. A field that is missing where one is needed is an exception that
 * names it.
 */
final class ManifestCodec {
    private static final int VERSION = 1;
    private static final int VERSION_WITH_HOLD = 2;

    private ManifestCodec() {}

    static Manifest decode(JsonObject json) {
        int version = json.getInteger("version", 0);
        if (version > VERSION_WITH_HOLD) {
            throw new NewerFormatException(
                    "it is of version %d, this agent reads up to version %d"
                            .formatted(version, VERSION_WITH_HOLD));
        }
        if (version < 1) {
            throw new IllegalArgumentException("it has no version");
        }
        return new Manifest(
                number(json, "epoch"),
                number(json, "sequence"),
                object(
                        json,
                        "revision",
                        r ->
                                new Revision(
                                        text(r, "controller"),
                                        text(r, "flink"),
                                        text(r, "userCode"))),
                object(
                        json,
                        "run",
                        r -> new Run(text(r, "jobId"), text(r, "jobName"), number(r, "epoch"))),
                object(json, "plan", p -> new PlanRef(text(p, "sha256"), number(p, "bytes"))),
                list(json, "checkpoints", ManifestCodec::checkpoint),
                object(json, "restoredFrom", ManifestCodec::restoredFrom),
                object(
                        json,
                        "savepoint",
                        s ->
                                new Savepoint(
                                        text(s, "jobId"),
                                        text(s, "path"),
                                        number(s, "completedAt"))),
                list(
                        json,
                        "retired",
                        r ->
                                new EarlierRun(
                                        text(r, "jobId"),
                                        text(r, "path"),
                                        text(r, "plan"),
                                        Boolean.TRUE.equals(r.getBoolean("givenUp")),
                                        Boolean.TRUE.equals(r.getBoolean("swept")))),
                number(json, "reservedTo"),
                object(json, "result", ManifestCodec::result),
                object(
                        json,
                        "parked",
                        p -> new Parked(text(p, "jobUid"), p.getString("resumedAt"))),
                json.getString("restoreNonce"),
                Math.clamp(
                        json.getLong("failsafeSeconds", 0L), 0, Settings.LONGEST_HOLD.toSeconds()),
                list(
                        json,
                        "history",
                        h ->
                                new Leadership(
                                        number(h, "epoch"),
                                        text(h, "holder"),
                                        text(h, "time"),
                                        text(h, "reason"))));
    }

    /** A newer agent wrote it. */
    static final class NewerFormatException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        NewerFormatException(String message) {
            super(message);
        }
    }

    private static RestoredFrom restoredFrom(JsonObject json) {
        return new RestoredFrom(
                text(json, "path"),
                ClaimMode.valueOf(text(json, "claimMode")),
                Boolean.TRUE.equals(json.getBoolean("allowNonRestoredState")),
                json.getLong("completedAt", 0L),
                json.getJsonArray("older", new JsonArray()).stream().map(String::valueOf).toList());
    }

    private static JobResult result(JsonObject json) {
        return new JobResult(
                text(json, "jobId"),
                JobResult.Status.valueOf(text(json, "status")),
                text(json, "cause"),
                text(json, "time"),
                json.getString("savepoint", ""),
                Boolean.TRUE.equals(json.getBoolean("discarded")));
    }

    static Checkpoint checkpoint(JsonObject json) {
        return new Checkpoint(
                number(json, "id"),
                text(json, "path"),
                text(json, "metadata"),
                number(json, "metadataBytes"),
                number(json, "timestamp"),
                number(json, "completedAt"));
    }

    /** Writes what the manifest says into {@code base}, whose other fields stay. */
    static JsonObject encode(Manifest manifest, JsonObject base) {
        Revision revision = manifest.revision();
        Run run = manifest.run();
        PlanRef plan = manifest.plan();
        RestoredFrom from = manifest.restoredFrom();
        Savepoint savepoint = manifest.savepoint();
        JobResult result = manifest.result();
        Parked parked = manifest.parked();
        base.put("version", manifest.holdSeconds() > 0 ? VERSION_WITH_HOLD : VERSION);
        base.put("epoch", manifest.epoch());
        base.put("sequence", manifest.sequence());
        put(
                base,
                "revision",
                revision == null
                        ? null
                        : new JsonObject()
                                .put("controller", revision.controller())
                                .put("flink", revision.flink())
                                .put("userCode", revision.userCode()));
        put(
                base,
                "run",
                run == null
                        ? null
                        : new JsonObject()
                                .put("jobId", run.jobId())
                                .put("jobName", run.jobName())
                                .put("epoch", run.epoch()));
        put(
                base,
                "plan",
                plan == null
                        ? null
                        : new JsonObject().put("sha256", plan.sha256()).put("bytes", plan.bytes()));
        base.put("checkpoints", array(manifest.checkpoints(), ManifestCodec::encode));
        put(base, "restoredFrom", from == null ? null : encode(from));
        put(
                base,
                "savepoint",
                savepoint == null
                        ? null
                        : new JsonObject()
                                .put("jobId", savepoint.jobId())
                                .put("path", savepoint.path())
                                .put("completedAt", savepoint.completedAt()));
        base.put("retired", array(manifest.earlierRuns(), ManifestCodec::encode));
        base.put("reservedTo", manifest.reservedTo());
        put(base, "result", result == null ? null : encode(result));
        put(
                base,
                "parked",
                parked == null
                        ? null
                        : new JsonObject()
                                .put("jobUid", parked.jobUid())
                                .put("resumedAt", parked.resumedAt()));
        if (manifest.restoreNonce() != null) {
            base.put("restoreNonce", manifest.restoreNonce());
        }
        if (manifest.holdSeconds() > 0) {
            base.put("failsafeSeconds", manifest.holdSeconds());
        } else {
            base.remove("failsafeSeconds");
        }
        base.put("history", array(manifest.history(), ManifestCodec::encode));
        return base;
    }

    private static JsonObject encode(Checkpoint checkpoint) {
        return new JsonObject()
                .put("id", checkpoint.id())
                .put("path", checkpoint.path())
                .put("metadata", checkpoint.metadata())
                .put("metadataBytes", checkpoint.metadataBytes())
                .put("timestamp", checkpoint.timestamp())
                .put("completedAt", checkpoint.completedAt());
    }

    private static JsonObject encode(RestoredFrom from) {
        return new JsonObject()
                .put("path", from.path())
                .put("claimMode", from.claimMode().name())
                .put("allowNonRestoredState", from.allowNonRestoredState())
                .put("completedAt", from.completedAt())
                .put("older", new JsonArray(from.older()));
    }

    private static JsonObject encode(JobResult result) {
        return new JsonObject()
                .put("jobId", result.jobId())
                .put("status", result.status().name())
                .put("cause", result.cause())
                .put("time", result.time())
                .put("savepoint", result.savepoint())
                .put("discarded", result.discarded());
    }

    private static JsonObject encode(EarlierRun run) {
        return new JsonObject()
                .put("jobId", run.jobId())
                .put("path", run.path())
                .put("plan", run.plan())
                .put("givenUp", run.retired())
                .put("swept", run.swept());
    }

    private static JsonObject encode(Leadership leadership) {
        return new JsonObject()
                .put("epoch", leadership.epoch())
                .put("holder", leadership.holder())
                .put("time", leadership.time())
                .put("reason", leadership.reason());
    }

    private static void put(JsonObject base, String key, @Nullable JsonObject value) {
        if (value == null) {
            base.remove(key);
        } else {
            base.put(key, value);
        }
    }

    private static <T> JsonArray array(List<T> list, Function<T, JsonObject> encode) {
        JsonArray array = new JsonArray();
        list.forEach(item -> array.add(encode.apply(item)));
        return array;
    }

    private static <T> @Nullable T object(
            JsonObject json, String key, Function<JsonObject, T> decode) {
        JsonObject found = json.getJsonObject(key);
        return found == null ? null : decode.apply(found);
    }

    private static <T> List<T> list(JsonObject json, String key, Function<JsonObject, T> decode) {
        JsonArray array = json.getJsonArray(key, new JsonArray());
        List<T> list = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            list.add(decode.apply(array.getJsonObject(i)));
        }
        return list;
    }

    private static String text(JsonObject json, String key) {
        String found = json.getString(key);
        if (found == null) {
            throw new IllegalArgumentException("field '%s' is missing".formatted(key));
        }
        return found;
    }

    private static long number(JsonObject json, String key) {
        Long found = json.getLong(key);
        if (found == null) {
            throw new IllegalArgumentException("field '%s' is missing".formatted(key));
        }
        return found;
    }
}
