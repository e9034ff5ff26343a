package io.flinkha.agent.adapter.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The API server by paths and JSON. fabric8's HTTP client knows where it is, whom to trust and who
 * asks, and renews tokens. Its typed client is left out: its model classes were half of the native
 * image, and loading them with the first answer held up the event loop for seconds on a busy
 * machine.
 */
public final class ApiServer implements AutoCloseable {
    private static final String JSON = "application/json";
    private static final String MERGE_PATCH = "application/merge-patch+json";

    /** One that lasted for ever would not notice a connection that leads nowhere. */
    private static final Duration WATCHED = Duration.ofMinutes(4);

    private final HttpClient http;
    private final Config config;

    /** The kinds that the agent's role in {@code deploy/} is about. */
    enum Kind {
        CONFIG_MAP("v1", "ConfigMap", "configmaps"),
        EVENT("events.k8s.io/v1", "Event", "events"),
        JOB("batch/v1", "Job", "jobs"),
        LEASE("coordination.k8s.io/v1", "Lease", "leases"),
        POD("v1", "Pod", "pods");

        private final String apiVersion;
        private final String kind;
        private final String plural;

        Kind(String apiVersion, String kind, String plural) {
            this.apiVersion = apiVersion;
            this.kind = kind;
            this.plural = plural;
        }
    }

    /**
     * @param config is asked for its URL, time-out and namespace
     */
    public ApiServer(HttpClient http, Config config) {
        this.http = http;
        this.config = config;
    }

    /** Nothing is sent before the first call. */
    public static ApiServer of(Config config, Vertx vertx) {
        return new ApiServer(new VertxHttpClientFactory(vertx).newBuilder(config).build(), config);
    }

    /** With an event loop of its own, which ends when this is closed. */
    static ApiServer of(Config config) {
        return new ApiServer(new VertxHttpClientFactory().newBuilder(config).build(), config);
    }

    /** Of the kubeconfig or service account. */
    public String namespace() {
        return Optional.ofNullable(config.getNamespace()).orElse("default");
    }

    /** What it says of itself. */
    JsonObject version() {
        return send(http.newHttpRequestBuilder().uri(config.getMasterUrl() + "version"));
    }

    Resources resources(Kind kind, String namespace) {
        return new Resources(kind, namespace);
    }

    @Override
    public void close() {
        http.close();
    }

    /** All of one kind in one namespace. Each call throws {@link ApiException} if it fails. */
    final class Resources {
        private final Kind kind;
        private final String namespace;

        private Resources(Kind kind, String namespace) {
            this.kind = kind;
            this.namespace = namespace;
        }

        Optional<ApiObject> get(String name) {
            try {
                return Optional.of(named(name, send(request(name))));
            } catch (ApiException e) {
                return orMissing(e, Optional.empty());
            }
        }

        Stream<ApiObject> list() {
            return ApiObject.list(send(request(null)), "items").map(ApiObject::new);
        }

        ApiObject create(ApiObject object) {
            JsonObject created = send(request(null).post(JSON, complete(object)));
            // The API server gives a name to what has none of its own.
            return named(
                    object.name().isEmpty() ? new ApiObject(created).name() : object.name(),
                    created);
        }

        /** Refused as a conflict unless its version is still the one that is there. */
        ApiObject replace(ApiObject object) {
            return named(object.name(), send(request(object.name()).put(JSON, complete(object))));
        }

        /**
         * What answers in the API server's place may do so in JSON: nothing was read or done then,
         * and a leader that believed it would lead on unseen.
         */
        private static ApiObject named(String name, JsonObject answer) {
            ApiObject object = new ApiObject(answer);
            if (!object.name().equals(name) || object.version().isEmpty()) {
                throw new ApiException(new IllegalStateException("it is no answer about " + name));
            }
            return object;
        }

        /**
         * Follows one object until the API server ends the watch, which it does after {@link
         * #WATCHED}. Whatever is there at first is told, too.
         *
         * @param changes is told on the client's own thread, which it must not hold up
         */
        void watch(String name, Consumer<ApiObject> changes) {
            Watch watch = new Watch(changes);
            WebSocket socket =
                    await(
                            http.newWebSocketBuilder()
                                    .uri(
                                            URI.create(
                                                    url(null)
                                                            + "?watch=true&fieldSelector=metadata.name%3D"
                                                            + segment(name)
                                                            + "&timeoutSeconds="
                                                            + WATCHED.toSeconds()))
                                    .buildAsync(watch));
            try {
                await(watch.ended, 2 * WATCHED.toMillis());
            } finally {
                socket.sendClose(1000, "");
            }
        }

        /** A JSON merge patch: null takes a field away. */
        ApiObject merge(String name, JsonObject patch) {
            return new ApiObject(send(request(name).patch(MERGE_PATCH, patch.encode())));
        }

        /**
         * Returns whether there was one.
         *
         * @param version null for whatever is there
         */
        boolean delete(String name, @Nullable String version) {
            JsonObject options = new JsonObject().put("propagationPolicy", "Background");
            if (version != null) {
                options.put("preconditions", new JsonObject().put("resourceVersion", version));
            }
            try {
                send(request(name).delete(JSON, options.encode()));
                return true;
            } catch (ApiException e) {
                return orMissing(e, false);
            }
        }

        private static <T> T orMissing(ApiException e, T missing) {
            if (e.code() == HttpURLConnection.HTTP_NOT_FOUND) {
                return missing;
            }
            throw e;
        }

        private String complete(ApiObject object) {
            ApiObject whole = object.copy();
            whole.json().put("apiVersion", kind.apiVersion).put("kind", kind.kind);
            whole.edit("metadata").put("namespace", namespace);
            return whole.json().encode();
        }

        private HttpRequest.Builder request(@Nullable String name) {
            return http.newHttpRequestBuilder().uri(url(name));
        }

        private String url(@Nullable String name) {
            StringBuilder url =
                    new StringBuilder(config.getMasterUrl())
                            .append(kind.apiVersion.contains("/") ? "apis/" : "api/")
                            .append(kind.apiVersion)
                            .append("/namespaces/")
                            .append(segment(namespace))
                            .append('/')
                            .append(kind.plural);
            if (name != null) {
                url.append('/').append(segment(name));
            }
            return url.toString();
        }
    }

    /** Names come from people and out of objects that anybody may have edited. */
    private static String segment(String name) {
        return HttpRequest.formURLEncode(name).replace("+", "%20");
    }

    private JsonObject send(HttpRequest.Builder request) {
        HttpResponse<String> response =
                await(
                        http.sendAsync(
                                request.timeout(config.getRequestTimeout(), TimeUnit.MILLISECONDS)
                                        .build(),
                                String.class));
        String body = Optional.ofNullable(response.body()).orElse("");
        if (!response.isSuccessful()) {
            throw new ApiException(response.code(), status(body), reason(response));
        }
        try {
            return new JsonObject(body);
        } catch (DecodeException e) {
            throw new ApiException(e);
        }
    }

    private <T> T await(CompletableFuture<T> call) {
        return await(call, config.getRequestTimeout());
    }

    private static <T> T await(CompletableFuture<T> call, long millis) {
        try {
            return call.get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refusal) {
                throw new ApiException(
                        refusal.getResponse().code(), new JsonObject(), "it cannot be watched");
            }
            throw new ApiException(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            call.cancel(true);
            throw new ApiException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(e);
        }
    }

    /** A proxy in between answers in words of its own. */
    private static JsonObject status(String body) {
        try {
            return body.isEmpty() ? new JsonObject() : new JsonObject(body);
        } catch (DecodeException e) {
            return new JsonObject();
        }
    }

    private static String reason(HttpResponse<String> response) {
        return Optional.ofNullable(response.message()).orElse("without a reason");
    }
}
