package io.flinkha.agent.config;

import java.net.URI;
import java.util.Set;

/** What names a storage. */
final class StorageUri {
    private static final Set<String> BUCKETS = Set.of("s3", "gs");
    private static final Set<String> CONTAINERS = Set.of("abfss", "wasbs");

    private StorageUri() {}

    static boolean isComplete(URI uri) {
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
