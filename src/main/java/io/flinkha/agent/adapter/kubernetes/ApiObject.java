package io.flinkha.agent.adapter.kubernetes;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One object of the API server. What nobody here reads, labels of others and fields of a newer
 * version, is written back as it came.
 */
record ApiObject(JsonObject json) {
    /** Exactly six digits, or the API server cannot read it. */
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final String METADATA = "metadata";

    /** One that is not there yet. */
    static ApiObject named(String name) {
        return new ApiObject(new JsonObject().put(METADATA, new JsonObject().put("name", name)));
    }

    /** To be changed and written; this one stays what was read. */
    ApiObject copy() {
        return new ApiObject(json.copy());
    }

    String name() {
        return metadata("name");
    }

    String uid() {
        return metadata("uid");
    }

    String version() {
        return metadata("resourceVersion");
    }

    /** To be written only where this one is still there. */
    ApiObject ofVersion(String version) {
        edit(METADATA).put("resourceVersion", version);
        return this;
    }

    private String metadata(String field) {
        return part(METADATA).getString(field, "");
    }

    boolean isBeingDeleted() {
        return part(METADATA).getString("deletionTimestamp") != null;
    }

    @Nullable String annotation(String name) {
        return part(METADATA).getJsonObject("annotations", new JsonObject()).getString(name);
    }

    /** Null takes it away. */
    ApiObject annotate(String name, @Nullable String value) {
        JsonObject annotations = inside(edit(METADATA), "annotations");
        if (value == null) {
            annotations.remove(name);
        } else {
            annotations.put(name, value);
        }
        return this;
    }

    ApiObject label(String name, String value) {
        inside(edit(METADATA), "labels").put(name, value);
        return this;
    }

    /** {@code spec}, {@code status} or {@code data}, to be read; empty if it has none. */
    JsonObject part(String name) {
        return json.getJsonObject(name, new JsonObject());
    }

    /** The same, to be changed. */
    JsonObject edit(String name) {
        return inside(json, name);
    }

    private static JsonObject inside(JsonObject outer, String name) {
        JsonObject found = outer.getJsonObject(name);
        if (found == null) {
            found = new JsonObject();
            outer.put(name, found);
        }
        return found;
    }

    static Stream<JsonObject> list(JsonObject in, String name) {
        JsonArray found = in.getJsonArray(name, new JsonArray());
        return Stream.iterate(0, i -> i < found.size(), i -> i + 1).map(found::getJsonObject);
    }

    static String microTime(Instant time) {
        return MICROSECONDS.format(time);
    }
}
