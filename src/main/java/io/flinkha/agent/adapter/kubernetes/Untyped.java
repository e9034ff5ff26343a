package io.flinkha.agent.adapter.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * An object as JSON. The types of pods and Jobs hang on some hundred classes; loading them with the
 * first answer held up the event loop, and with it the JobManager's start, for seconds on a busy
 * machine. Nothing but a few fields is needed of them.
 */
record Untyped(ObjectMeta metadata, JsonObject content) {
    Untyped(GenericKubernetesResource object) {
        this(object.getMetadata(), new JsonObject(object.getAdditionalProperties()));
    }

    static ResourceDefinitionContext namespaced(
            String group, String version, String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    /** {@code spec} or {@code status}; empty if it has none. */
    JsonObject part(String name) {
        return Objects.requireNonNullElseGet(content.getJsonObject(name), JsonObject::new);
    }

    static Stream<JsonObject> list(JsonObject in, String name) {
        JsonArray found = Objects.requireNonNullElseGet(in.getJsonArray(name), JsonArray::new);
        return Stream.iterate(0, i -> i < found.size(), i -> i + 1).map(found::getJsonObject);
    }
}
