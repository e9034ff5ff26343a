package io.flinkha.agent.adapter.storage;

import io.flinkha.agent.port.BlobStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.opendal.AsyncExecutor;
import org.apache.opendal.AsyncOperator;
import org.apache.opendal.Operator;
import org.apache.opendal.layer.RetryLayer;
import org.jspecify.annotations.Nullable;

/**
 * Opens the storage that a URI names. A directory loads no native code.
 *
 * @param endpoint of a store that is not the cloud's own; null for the cloud's
 * @param region of an S3 bucket; null for that of the environment
 * @param timeout of one request with its repetitions
 * @param environment value of a variable, null if it is not set
 */
public record Storages(
        @Nullable String endpoint,
        @Nullable String region,
        Duration timeout,
        Function<String, @Nullable String> environment) {

    private static final int RETRIES = 3;
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LAST_RETRY = Duration.ofSeconds(5);

    /**
     * What lies below {@code directory} of it.
     *
     * @throws RuntimeException of OpenDAL, if settings are missing that only a request would need
     * @throws LinkageError where OpenDAL's library is not found or cannot be loaded
     */
    public BlobStore open(URI storage, String directory) {
        String scheme = storage.getScheme();
        if (scheme.equals("file")) {
            return directory(Path.of(storage.getPath()).resolve(directory));
        }
        String path = "/" + String.valueOf(storage.getPath()) + "/" + directory + "/";
        String root = path.replaceAll("/+", "/");
        Map<String, String> settings = new HashMap<>();
        settings.put("root", root);
        String service =
                switch (scheme) {
                    case "s3" -> s3(storage, settings);
                    case "gs" -> gcs(storage, settings);
                    default -> azure(storage, settings);
                };
        // One thread for all: the agent has a fraction of a core.
        AsyncExecutor threads = AsyncExecutor.createTokioExecutor(1);
        return new ObjectBlobStore(
                scheme + "://" + storage.getAuthority() + root,
                () -> connect(AsyncOperator.of(service, settings, threads)),
                timeout);
    }

    /** In one sentence why it was not opened, and what to look at. */
    public static String cannotOpen(URI storage, Throwable why) {
        return "The storage %s cannot be opened (%s): look at flink-ha.storage.*; an object store needs glibc, and a /tmp that may be executed from unless -Djava.library.path names OpenDAL's library."
                .formatted(storage, why);
    }

    public static BlobStore directory(Path root) {
        return new DirectoryBlobStore(root);
    }

    private static Operator connect(AsyncOperator operator) {
        return operator.layer(
                        RetryLayer.builder()
                                .jitter(true)
                                .minDelay(FIRST_RETRY)
                                .maxDelay(LAST_RETRY)
                                .maxTimes(RETRIES)
                                .build())
                .blocking();
    }

    private String s3(URI storage, Map<String, String> settings) {
        settings.put("bucket", storage.getAuthority());
        put(settings, "endpoint", endpoint, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
        put(settings, "region", region, "AWS_REGION", "AWS_DEFAULT_REGION");
        put(settings, "access_key_id", null, "AWS_ACCESS_KEY_ID");
        put(settings, "secret_access_key", null, "AWS_SECRET_ACCESS_KEY");
        put(settings, "session_token", null, "AWS_SESSION_TOKEN");
        // Stores that are no cloud's do not care, and the signature needs one.
        settings.putIfAbsent("region", "us-east-1");
        return "s3";
    }

    private String gcs(URI storage, Map<String, String> settings) {
        settings.put("bucket", storage.getAuthority());
        put(settings, "endpoint", endpoint);
        String emulator = environment.apply("STORAGE_EMULATOR_HOST");
        if (emulator != null) {
            settings.put("endpoint", emulator);
            settings.put("allow_anonymous", "true");
            settings.put("disable_vm_metadata", "true");
            settings.put("disable_config_load", "true");
        }
        return "gcs";
    }

    /** {@code abfss://container@account.dfs.…} too: the same account answers at {@code blob.}. */
    private String azure(URI storage, Map<String, String> settings) {
        String host = storage.getHost();
        String account = host.substring(0, host.indexOf('.'));
        settings.put("container", storage.getUserInfo());
        settings.put("account_name", account);
        settings.put("endpoint", "https://" + host.replaceFirst("\\.dfs\\.", ".blob."));
        put(settings, "endpoint", endpoint);
        put(settings, "account_key", null, "AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_KEY");
        put(settings, "sas_token", null, "AZURE_STORAGE_SAS_TOKEN");
        return "azblob";
    }

    private void put(
            Map<String, String> settings, String key, @Nullable String given, String... variables) {
        String value = given;
        for (String variable : variables) {
            value = value == null ? environment.apply(variable) : value;
        }
        if (value != null) {
            settings.put(key, value);
        }
    }
}
