package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lists of named things, as Kubernetes has them everywhere. Its objects stay untyped, so that
 * fields of any version survive.
 */
final class Json {
    private Json() {}

    static Stream<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    static @Nullable ObjectNode named(JsonNode list, String name) {
        return items(list)
                .filter(item -> name(item).equals(name))
                .map(ObjectNode.class::cast)
                .findFirst()
                .orElse(null);
    }

    static String name(JsonNode item) {
        return item.path("name").asText();
    }

    /** The one of the same name is replaced where it stands. */
    static void put(ArrayNode list, JsonNode item) {
        replace(list, item, known -> name(known).equals(name(item)));
    }

    static void replace(ArrayNode list, JsonNode item, Predicate<JsonNode> same) {
        for (int i = 0; i < list.size(); i++) {
            if (same.test(list.get(i))) {
                list.set(i, item);
                return;
            }
        }
        list.add(item);
    }

    static void putAll(ArrayNode list, JsonNode items) {
        items.forEach(item -> put(list, item));
    }

    /** Only those whose {@code key} is another than that of any there. */
    static void addMissing(ArrayNode list, JsonNode items, String key) {
        items.forEach(item -> {
            if (items(list).noneMatch(known -> known.path(key).equals(item.path(key)))) {
                list.add(item);
            }
        });
    }

    static void env(ObjectNode container, String name, String value) {
        ArrayNode env = container.withArrayProperty("env");
        put(env, env.objectNode().put("name", name).put("value", value));
    }
}
