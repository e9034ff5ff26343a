package io.flinkha.agent.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The one setting of the storage. */
final class StorageUri {
    static final URI NONE = URI.create("file:///");
    private static final Set<String> BUCKETS = Set.of("s3", "gs");
    private static final Set<String> CONTAINERS = Set.of("abfss", "wasbs");

    private StorageUri() {}

    /** {@link #NONE} if it is wrong. */
    static URI checked(Optional<String> given, List<String> mistakes) {
        String uri = CheckedConfig.required(given, "flink-ha.storage.uri", mistakes);
        if (uri.isEmpty()) {
            return NONE;
        }
        try {
            URI parsed = URI.create(uri);
            if (isComplete(parsed)) {
                return parsed;
            }
        } catch (IllegalArgumentException e) {
            // Reported below, in the same words as an unknown scheme.
        }
        mistakes.add(
                "flink-ha.storage.uri is '%s': give file:///path, s3://bucket/path, gs://bucket/path, abfss://container@account.dfs.core.windows.net/path or wasbs://container@account.blob.core.windows.net/path."
                        .formatted(uri));
        return NONE;
    }

    private static boolean isComplete(URI uri) {
        String scheme = String.valueOf(uri.getScheme());
        if (uri.getQuery() != null || uri.getFragment() != null || uri.getPath() == null) {
            return false;
        }
        if (scheme.equals("file")) {
            return uri.getAuthority() == null && uri.getPath().startsWith("/");
        }
        String host = uri.getHost();
        return (BUCKETS.contains(scheme) && uri.getAuthority() != null && uri.getUserInfo() == null)
                || (CONTAINERS.contains(scheme)
                        && uri.getUserInfo() != null
                        && uri.getUserInfo().indexOf(':') < 0
                        && host != null
                        && host.indexOf('.') > 0);
    }
}
