package io.flinkha.lab.api;

import java.net.URI;
import java.util.Locale;

/** What a request to the Kubernetes API is about. The name is empty for a whole collection. */
public record ApiRequest(String verb, String resource, String name) {

    public static ApiRequest of(String method, String pathAndQuery) {
        URI uri = URI.create(pathAndQuery);
        String query = uri.getQuery() == null ? "" : uri.getQuery();
        String[] segments = uri.getPath().split("/", -1);
        int start = resourceIndex(segments);
        String resource = start < segments.length ? segments[start] : "";
        String name = start + 1 < segments.length ? segments[start + 1] : nameIn(query);
        return new ApiRequest(verb(method, query, name), resource, name);
    }

    public boolean writes() {
        return switch (verb) {
            case "post", "put", "patch", "delete" -> true;
            default -> false;
        };
    }

    /** Namespaced objects stand behind the namespace, others behind the version. */
    private static int resourceIndex(String[] segments) {
        for (int i = 0; i < segments.length; i++) {
            if (segments[i].equals("namespaces") && i + 2 < segments.length) {
                return i + 2;
            }
        }
        // /api/v1/x or /apis/group/version/x
        return segments.length > 1 && segments[1].equals("apis") ? 4 : 3;
    }

    private static String nameIn(String query) {
        String key = "metadata.name=";
        int at = query.indexOf(key);
        if (at < 0) {
            return "";
        }
        String rest = query.substring(at + key.length());
        int end = rest.indexOf('&');
        return end < 0 ? rest : rest.substring(0, end);
    }

    private static String verb(String method, String query, String name) {
        String lower = method.toLowerCase(Locale.ROOT);
        if (!lower.equals("get")) {
            return lower;
        }
        if (query.contains("watch=true") || query.contains("watch=1")) {
            return "watch";
        }
        return name.isEmpty() ? "list" : "get";
    }
}
