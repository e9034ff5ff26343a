package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

/** Volume mounts of a container: there is one at each path. */
final class Mounts {
    private Mounts() {}

    static String path(JsonNode mount) {
        return mount.path("mountPath").asText();
    }

    /** The one at the same path is replaced where it stands. */
    static void put(ArrayNode mounts, JsonNode mount) {
        Json.replace(mounts, mount, known -> path(known).equals(path(mount)));
    }

    static boolean isBelow(String path, JsonNode mount) {
        return isBelow(path, path(mount));
    }

    static boolean isBelow(String path, String mountPath) {
        String directory = mountPath.endsWith("/") ? mountPath : mountPath + "/";
        return !mountPath.isEmpty() && (path + "/").startsWith(directory);
    }
}
