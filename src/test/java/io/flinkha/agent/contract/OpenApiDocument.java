package io.flinkha.agent.contract;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One of the documents in {@code src/main/resources/openapi}, to hold the agent to it. */
public final class OpenApiDocument {
    private final JsonObject root;

    private OpenApiDocument(JsonObject root) {
        this.root = root;
    }

    public static OpenApiDocument read(String name) {
        try (InputStream in =
                Objects.requireNonNull(
                        OpenApiDocument.class.getResourceAsStream("/openapi/" + name + ".yaml"))) {
            return new OpenApiDocument(JsonObject.mapFrom(Serialization.unmarshal(in, Map.class)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code GET /path}, of all paths that start so. */
    public Set<String> operations(String prefix) {
        Set<String> operations = new TreeSet<>();
        JsonObject paths = root.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                if (path.startsWith(prefix) && !method.equals("parameters")) {
                    operations.add(method.toUpperCase(Locale.ROOT) + " " + path);
                }
            }
        }
        return operations;
    }

    /** The same of a router; HEAD goes with GET, and what names no method answers none. */
    public static Set<String> mountedOn(Router router) {
        Set<String> operations = new TreeSet<>();
        for (Route route : router.getRoutes()) {
            String path = route.getPath();
            if (path != null && route.methods() != null && !path.endsWith("/")) {
                for (HttpMethod method : route.methods()) {
                    operations.add(method + " " + path.replaceAll(":([a-z]+)", "{$1}"));
                }
            }
        }
        operations.removeIf(operation -> operation.startsWith("HEAD "));
        return operations;
    }

    /** Where an answer is not as the schema says; a field that it does not name is one too. */
    public List<String> misfits(String schema, Object answer) {
        List<String> misfits = new ArrayList<>();
        check(
                schema,
                new JsonObject().put("$ref", "#/components/schemas/" + schema),
                answer,
                misfits);
        return misfits;
    }

    private void check(String at, JsonObject given, @Nullable Object value, List<String> misfits) {
        JsonObject schema = resolved(given);
        List<?> types =
                switch (schema.getValue("type")) {
                    case null -> List.of();
                    case JsonArray several -> several.getList();
                    case Object one -> List.of(one);
                };
        if (!types.isEmpty() && !types.contains(type(value))) {
            misfits.add("%s is %s".formatted(at, value));
        }
        if (schema.getValue("enum") instanceof JsonArray allowed && !allowed.contains(value)) {
            misfits.add("%s is %s".formatted(at, value));
        }
        if (value instanceof JsonArray array && schema.containsKey("items")) {
            array.forEach(item -> check(at + "[]", schema.getJsonObject("items"), item, misfits));
        }
        if (value instanceof JsonObject object && schema.containsKey("properties")) {
            JsonObject properties = schema.getJsonObject("properties");
            Set<String> both = new TreeSet<>(object.fieldNames());
            schema.getJsonArray("required").forEach(field -> both.add((String) field));
            for (String field : both) {
                if (!object.containsKey(field) || !properties.containsKey(field)) {
                    misfits.add("%s.%s is on one side only".formatted(at, field));
                } else {
                    check(
                            at + "." + field,
                            properties.getJsonObject(field),
                            object.getValue(field),
                            misfits);
                }
            }
        }
    }

    private JsonObject resolved(JsonObject schema) {
        String reference = schema.getString("$ref");
        if (reference != null) {
            return resolved(
                    root.getJsonObject("components")
                            .getJsonObject("schemas")
                            .getJsonObject(reference.replaceFirst(".*/", "")));
        }
        JsonObject all = schema.copy();
        for (Object part : schema.getJsonArray("allOf", new JsonArray())) {
            JsonObject more = resolved((JsonObject) part);
            all.put("type", more.getValue("type"))
                    .put(
                            "required",
                            more.getJsonArray("required")
                                    .copy()
                                    .addAll(schema.getJsonArray("required")))
                    .put(
                            "properties",
                            more.getJsonObject("properties")
                                    .copy()
                                    .mergeIn(schema.getJsonObject("properties")));
        }
        return all;
    }

    private static String type(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> "string";
            case Boolean flag -> "boolean";
            case JsonObject object -> "object";
            case JsonArray array -> "array";
            case Integer number -> "integer";
            case Long number -> "integer";
            default -> "number";
        };
    }
}
