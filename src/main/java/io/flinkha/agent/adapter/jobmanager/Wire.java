package io.flinkha.agent.adapter.jobmanager;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.Savepoint;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.Start;
import io.flinkha.agent.port.Setting;
import io.flinkha.agent.sentences.Sentences;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Bodies of the control API to events (which still lack their request number), and replies to
 * bodies. A body that does not fit is an IllegalArgumentException.
 */
final class Wire {
    /** What a key of a ConfigMap may be, short enough for Flink's prefix. */
    private static final Pattern COMPONENT = Pattern.compile("[-._a-zA-Z0-9]{1,200}");

    /** Of 18 digits: any text of so many is a long. */
    private static final long MAX_EPOCH = 999_999_999_999_999_999L;

    /** Thirty years: in nanos it is still a long. */
    private static final long MAX_PROGRESS = 1_000_000_000_000L;

    private Wire() {}

    /** A reply as it goes out. */
    record Response(int status, JsonObject body) {}

    static LongFunction<Event> register(JsonObject body) {
        Registration registration =
                new Registration(text(body, "jm"), text(body, "flink"), text(body, "userCode"));
        return request -> new Event.Registered(request, registration);
    }

    /** For people only: nothing in it is refused. None from a jar that does not send them. */
    static List<Setting> settings(JsonObject body) {
        return body.getValue("settings") instanceof JsonArray given
                ? given.stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .map(setting ->
                                new Setting(
                                        String.valueOf(setting.getValue("name")),
                                        String.valueOf(setting.getValue("value")),
                                        String.valueOf(setting.getValue("source"))))
                        .toList()
                : List.of();
    }

    static LongFunction<Event> gate(JsonObject body) {
        String jm = text(body, "jm");
        long epoch = epoch(body);
        String hung = optionalText(body, "hung");
        long progress =
                body.getValue("progressMillis") == null ? 0 : number(body, "progressMillis");
        if (progress < 0 || progress > MAX_PROGRESS) {
            throw new IllegalArgumentException(
                    "field 'progressMillis' must be from 0 to %d, if given"
                            .formatted(MAX_PROGRESS));
        }
        return request -> new Event.GatePolled(request, jm, epoch, hung, progress);
    }

    static LongFunction<Event> publish(JsonObject body) {
        String jm = text(body, "jm");
        long epoch = epoch(body);
        Map<String, String> addresses = new LinkedHashMap<>();
        JsonObject offered = object(body, "leaders");
        for (String component : offered.fieldNames()) {
            if (!COMPONENT.matcher(component).matches()) {
                // The API server would refuse it, and all others of the map with it.
                throw new IllegalArgumentException(
                        "field 'leaders' names the component '%s': use at most 200 letters, digits, '-', '_' and '.'"
                                .formatted(wellFormed(component)));
            }
            addresses.put(component, text(offered, component));
        }
        return request -> new Event.AddressesOffered(request, jm, epoch, addresses);
    }

    static LongFunction<Event> term(JsonObject body) {
        String jm = text(body, "jm");
        long epoch = epoch(body);
        return request -> new Event.TermAsked(request, jm, epoch);
    }

    static LongFunction<Event> earlierRuns(JsonObject body) {
        String jm = text(body, "jm");
        long epoch = epoch(body);
        String jobId = text(body, "jobId");
        return request -> new Event.EarlierRunsAsked(request, jm, epoch, jobId);
    }

    static LongFunction<Event> startFailed(JsonObject body) {
        String jm = text(body, "jm");
        long epoch = epoch(body);
        String reason = text(body, "reason");
        return request -> new Event.StartFailed(request, jm, epoch, reason);
    }

    static LongFunction<Event> change(JsonObject body, Change change) {
        String jm = text(body, "jm");
        long epoch = epoch(body);
        return request -> new Event.ChangeOffered(request, jm, epoch, change);
    }

    static Change addCheckpoint(JsonObject body) {
        JsonObject checkpoint = object(body, "checkpoint");
        return new Change.AddCheckpoint(
                text(body, "jobId"),
                count(body, "maxRetained"),
                new Checkpoint(
                        number(checkpoint, "id"),
                        text(checkpoint, "path"),
                        text(checkpoint, "metadata"),
                        number(checkpoint, "metadataBytes"),
                        number(checkpoint, "timestamp"),
                        number(checkpoint, "completedAt")));
    }

    static Change reserveIds(JsonObject body) {
        return new Change.ReserveIds(number(body, "reservedTo"), count(body, "count"));
    }

    static Change recordRestore(JsonObject body) {
        return new Change.RecordRestore(text(body, "path"));
    }

    static Change rejectPlan(JsonObject body) {
        return new Change.DropPlan(text(body, "jobId"), text(body, "reason"));
    }

    static Change recordSavepoint(JsonObject body) {
        JsonObject savepoint = object(body, "savepoint");
        return new Change.RecordSavepoint(
                new Savepoint(
                        text(body, "jobId"),
                        text(savepoint, "path"),
                        number(savepoint, "completedAt")));
    }

    static Change recordSweep(JsonObject body) {
        if (body.getValue("jobIds") instanceof JsonArray jobIds
                && jobIds.stream().allMatch(String.class::isInstance)) {
            return new Change.RecordSweep(
                    jobIds.stream().map(String::valueOf).collect(Collectors.toSet()));
        }
        throw new IllegalArgumentException("field 'jobIds' must be a list of texts");
    }

    static Change recordResult(JsonObject body) {
        JobResult.Status status = status(text(body, "status"));
        return new Change.RecordResult(
                new JobResult(
                        text(body, "jobId"),
                        status,
                        optionalText(body, "cause"),
                        Instant.now().toString(),
                        optionalText(body, "savepoint"),
                        status == JobResult.Status.FINISHED || flag(body, "discards")));
    }

    private static JobResult.Status status(String given) {
        for (JobResult.Status known : JobResult.Status.values()) {
            if (known.name().equals(given)) {
                return known;
            }
        }
        throw new IllegalArgumentException(
                "field 'status' must be one of " + List.of(JobResult.Status.values()));
    }

    static Response response(Reply reply) {
        return switch (reply) {
            case Reply.Wait wait -> ok(wait(wait));
            case Reply.Halt halt -> halt(halt.code(), Sentences.of(halt.refusal()));
            case Reply.ShutDown end ->
                    ok(new JsonObject().put("answer", "SHUTDOWN").put("reason", end.reason()));
            case Reply.Vanish end -> halt(ExitCode.VANISHED.code(), end.reason());
            case Reply.Open open -> ok(open(open));
            case Reply.Done done -> ok(new JsonObject().put("answer", "OK"));
            case Reply.Reserved reserved ->
                    ok(new JsonObject().put("reservedTo", reserved.reservedTo()));
            case Reply.LeaderAddresses leader -> ok(leader(leader));
            case Reply.EarlierRuns earlier -> ok(earlierRuns(earlier));
            case Reply.StoredPlan none -> notFound("the manifest names no plan of this job");
            case Reply.Fenced fenced -> error(409, "FENCED", fenced.reason());
            case Reply.Refused refused -> error(409, "REFUSED", Sentences.of(refused.refusal()));
            case Reply.Unregistered unknown -> error(409, "UNREGISTERED", unknown.reason());
            case Reply.Unavailable unavailable -> error(503, "UNAVAILABLE", unavailable.reason());
        };
    }

    private static Response halt(int code, String reason) {
        return ok(new JsonObject().put("answer", "HALT").put("code", code).put("reason", reason));
    }

    static Response notFound(String error) {
        return new Response(404, new JsonObject().put("error", error));
    }

    static Response error(int status, String error, String reason) {
        return new Response(status, new JsonObject().put("error", error).put("reason", reason));
    }

    private static Response ok(JsonObject body) {
        return new Response(200, body);
    }

    private static JsonObject open(Reply.Open open) {
        JsonObject body =
                new JsonObject()
                        .put("answer", "OPEN")
                        .put("epoch", open.epoch())
                        .put("session", open.session().toString())
                        .put("remainingMillis", open.remainingMillis());
        Start start = open.start();
        if (start != null) {
            body.put("plan", start(start));
        }
        if (open.publish()) {
            body.put("publish", true);
        }
        return body;
    }

    private static JsonObject wait(Reply.Wait wait) {
        JsonObject body =
                new JsonObject().put("answer", "WAIT").put("reason", Sentences.of(wait.reason()));
        Reply.Ahead ahead = wait.ahead();
        if (ahead == null) {
            return body;
        }
        PlanRef plan = ahead.plan();
        JsonObject known = new JsonObject().put("jobId", ahead.jobId());
        return body.put("ahead", known.put("sha256", plan.sha256()).put("bytes", plan.bytes()));
    }

    private static JsonObject leader(Reply.LeaderAddresses leader) {
        JsonObject leaders = new JsonObject();
        leader.addresses().forEach(leaders::put);
        JsonObject body = new JsonObject().put("leaders", leaders);
        return leader.session() == null
                ? body
                : body.put("session", String.valueOf(leader.session()));
    }

    private static JsonObject earlierRuns(Reply.EarlierRuns earlier) {
        JsonArray collect = new JsonArray();
        JsonArray keep = new JsonArray();
        for (EarlierRun run : earlier.runs()) {
            (run.isKept() ? keep : collect)
                    .add(new JsonObject().put("jobId", run.jobId()).put("path", run.path()));
        }
        return new JsonObject().put("collect", collect).put("keep", keep);
    }

    static JsonObject start(Start start) {
        return switch (start) {
            case Start.Fresh fresh -> head("FRESH", fresh, fresh.jobId(), fresh.reservedTo());
            case Start.Resume resume -> resume(resume);
            case Start.Restore restore ->
                    head("RESTORE", restore, restore.jobId(), restore.reservedTo())
                            .put("candidates", new JsonArray(restore.candidates()))
                            .put("claimMode", restore.claimMode().name())
                            .put("allowNonRestoredState", restore.allowNonRestoredState());
            case Start.Halt halt -> throw new IllegalArgumentException("not a grant: " + halt);
        };
    }

    private static JsonObject head(String kind, Start start, String jobId, long reservedTo) {
        return new JsonObject()
                .put("kind", kind)
                .put("reason", Sentences.of(start))
                .put("jobId", jobId)
                .put("reservedTo", reservedTo);
    }

    private static JsonObject resume(Start.Resume resume) {
        JsonArray checkpoints = new JsonArray();
        for (Checkpoint checkpoint : resume.checkpoints()) {
            checkpoints.add(
                    new JsonObject()
                            .put("id", checkpoint.id())
                            .put("path", checkpoint.path())
                            .put("metadata", checkpoint.metadata())
                            .put("metadataBytes", checkpoint.metadataBytes())
                            .put("timestamp", checkpoint.timestamp())
                            .put("completedAt", checkpoint.completedAt()));
        }
        JsonObject body =
                head("RESUME", resume, resume.jobId(), resume.reservedTo())
                        .put("jobName", resume.jobName())
                        .put(
                                "snapshot",
                                new JsonObject()
                                        .put("sha256", resume.plan().sha256())
                                        .put("bytes", resume.plan().bytes()))
                        .put("checkpoints", checkpoints);
        if (resume.allowOlderCheckpoint()) {
            body.put("allowOlderCheckpoint", true);
        }
        RestoredFrom from = resume.restoredFrom();
        return from == null
                ? body
                : body.put(
                        "restoredFrom",
                        new JsonObject()
                                .put("path", from.path())
                                .put("claimMode", from.claimMode().name())
                                .put("allowNonRestoredState", from.allowNonRestoredState()));
    }

    private static JsonObject object(JsonObject body, String key) {
        if (body.getValue(key) instanceof JsonObject found) {
            return found;
        }
        throw new IllegalArgumentException("field '%s' must be an object".formatted(key));
    }

    private static String text(JsonObject body, String key) {
        if (body.getValue(key) instanceof String found && !found.isEmpty()) {
            return wellFormed(found);
        }
        throw new IllegalArgumentException("field '%s' must be a text".formatted(key));
    }

    private static String optionalText(JsonObject body, String key) {
        Object found = body.getValue(key);
        if (found == null || found instanceof String) {
            return found == null ? "" : wellFormed((String) found);
        }
        throw new IllegalArgumentException("field '%s' must be a text, if given".formatted(key));
    }

    /** Half a surrogate pair, as a text that was cut has it, can be sent to nobody. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static boolean flag(JsonObject body, String key) {
        Object found = body.getValue(key);
        if (found == null || found instanceof Boolean) {
            return Boolean.TRUE.equals(found);
        }
        throw new IllegalArgumentException(
                "field '%s' must be true or false, if given".formatted(key));
    }

    private static long number(JsonObject body, String key) {
        Object found = body.getValue(key);
        if (found instanceof Integer || found instanceof Long) {
            return ((Number) found).longValue();
        }
        // 7, 7.0 and 0.7e1 are one number in JSON.
        if (found instanceof Double real
                && real == Math.rint(real)
                && real >= -0x1p63
                && real < 0x1p63) {
            return real.longValue();
        }
        throw new IllegalArgumentException("field '%s' must be a whole number".formatted(key));
    }

    private static long epoch(JsonObject body) {
        long epoch = number(body, "epoch");
        if (epoch < 0 || epoch > MAX_EPOCH) {
            throw new IllegalArgumentException(
                    "field 'epoch' must be from 0 to %d".formatted(MAX_EPOCH));
        }
        return epoch;
    }

    private static int count(JsonObject body, String key) {
        long count = number(body, key);
        if (count < 1 || count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "field '%s' must be from 1 to %d".formatted(key, Integer.MAX_VALUE));
        }
        return (int) count;
    }
}
