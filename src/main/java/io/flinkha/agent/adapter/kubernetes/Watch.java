package io.flinkha.agent.adapter.kubernetes;

import io.fabric8.kubernetes.client.http.WebSocket;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What the API server tells of an object that is watched: one event a message. */
final class Watch implements WebSocket.Listener {
    private final Consumer<ApiObject> changes;

    /** Completes when nothing more will be told. */
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    Watch(Consumer<ApiObject> changes) {
        this.changes = changes;
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
        try {
            JsonObject event = new JsonObject(text);
            ApiObject object = new ApiObject(event.getJsonObject("object", new JsonObject()));
            if (object.version().isEmpty()) {
                throw new IllegalStateException("the watch has ended: " + text);
            }
            changes.accept(object);
            socket.request();
        } catch (RuntimeException e) {
            onError(socket, e);
        }
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer bytes) {
        onMessage(socket, StandardCharsets.UTF_8.decode(bytes).toString());
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason) {
        ended.complete(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        ended.completeExceptionally(error);
    }
}
