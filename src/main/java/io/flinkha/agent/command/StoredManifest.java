package io.flinkha.agent.command;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the text of a manifest names; fields that it lacks are no failure. */
record StoredManifest(JsonObject json) {
    private static final String UNKNOWN = "unknown";

    StoredManifest(String text) {
        this(new JsonObject(text));
    }

    long epoch() {
        return json.getLong("epoch", 0L);
    }

    /** The id and the name of the current run; empty if no run was ever started. */
    Optional<String> job() {
        JsonObject run = json.getJsonObject("run");
        return run == null
                ? Optional.empty()
                : Optional.of(
                        "%s %s"
                                .formatted(
                                        run.getString("jobId", "?"), run.getString("jobName", ""))
                                .strip());
    }

    /** The newest state of the current run; empty if it has none. */
    Optional<String> newestState() {
        Stream<String> checkpoints =
                objects("checkpoints").reversed().stream().map(c -> c.getString("path", ""));
        return Stream.of(
                        Stream.of(text("result", "savepoint")),
                        checkpoints,
                        Stream.of(text("restoredFrom", "path")))
                .flatMap(paths -> paths)
                .filter(StoredManifest::isPath)
                .findFirst();
    }

    /** Checkpoints and savepoints, of the current run and of earlier ones, newest first. */
    Set<String> states() {
        Set<String> states = new LinkedHashSet<>();
        newestState().ifPresent(states::add);
        objects("checkpoints").reversed().forEach(c -> states.add(c.getString("path", "")));
        states.add(text("savepoint", "path"));
        states.add(text("restoredFrom", "path"));
        retired().reversed().forEach(run -> states.add(run.getString("path", "")));
        states.removeIf(path -> !isPath(path));
        return states;
    }

    /** The sha256 of each plan that is named. */
    Set<String> plans() {
        Set<String> plans = new HashSet<>();
        plans.add(text("plan", "sha256"));
        retired().forEach(run -> plans.add(run.getString("plan", "")));
        return plans;
    }

    /** Earlier runs whose files the JobManager has not swept yet. */
    List<String> unswept() {
        return retired().stream()
                .filter(run -> run.containsKey("jobId") && !run.getBoolean("swept", false))
                .map(run ->
                        run.getString("jobId")
                                + (run.getString("path", "").isEmpty()
                                        ? ""
                                        : " but for " + run.getString("path")))
                .toList();
    }

    StoredManifest withEpoch(long epoch) {
        return new StoredManifest(json.copy().put("epoch", epoch));
    }

    /** Earlier agents wrote the path alone. */
    private List<JsonObject> retired() {
        return values("retired")
                .map(run ->
                        run instanceof JsonObject object
                                ? object
                                : new JsonObject().put("path", String.valueOf(run)))
                .toList();
    }

    private List<JsonObject> objects(String key) {
        return values(key).map(JsonObject.class::cast).toList();
    }

    private Stream<Object> values(String key) {
        JsonArray found = Objects.requireNonNullElseGet(json.getJsonArray(key), JsonArray::new);
        return IntStream.range(0, found.size()).mapToObj(found::getValue);
    }

    private String text(String key, String field) {
        JsonObject found = json.getJsonObject(key);
        return found == null ? "" : found.getString(field, "");
    }

    private static boolean isPath(String text) {
        return !text.isEmpty() && !text.equals(UNKNOWN);
    }
}
