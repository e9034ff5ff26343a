package io.flinkha.lab.api;

import io.flinkha.lab.api.HoldingProxy.Match;
import io.flinkha.lab.api.HoldingProxy.Message;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Stands between an agent and its S3 storage and can hold what it asks a witness for. */
public final class StoreProxy implements AutoCloseable {

    /** As docs/PROTOCOL.md names what lies in the storage. */
    public enum Request {
        MARK("mark", "PUT", "/epochs/"),
        LOOK("look at the marks", "GET", "epochs"),
        COPIES("copies", "GET", "manifests"),
        COMMIT("commit of a copy", "PUT", "/manifests/");

        private final String title;
        private final String method;
        private final String path;

        Request(String title, String method, String path) {
            this.title = title;
            this.method = method;
            this.path = path;
        }

        public String title() {
            return title;
        }

        /** A listing names the directory among its parameters, an object is a path. */
        private boolean is(Message message) {
            boolean listing = message.uri().contains("list-type");
            return message.method().equals(method)
                    && message.uri().contains(path)
                    && listing == method.equals("GET");
        }
    }

    private record Armed(Request request, CommitHold hold) {}

    private final HoldingProxy proxy;
    private final AtomicReference<@Nullable Armed> next = new AtomicReference<>();

    /** Listens at {@code port} and forwards to {@code target}, both on this machine. */
    public StoreProxy(int port, int target) {
        proxy = new HoldingProxy(port, target, new Requests());
    }

    public int port() {
        return proxy.port();
    }

    /** The next request of this kind is held at the given point. */
    public CommitHold holdNext(Request request, CommitHold.Point point) {
        CommitHold hold = new CommitHold(point);
        next.set(new Armed(request, hold));
        return hold;
    }

    @Override
    public void close() {
        proxy.close();
    }

    private final class Requests implements HoldingProxy.Traffic {
        @Override
        public boolean readsBody(String method, String uri) {
            return false;
        }

        @Override
        public @Nullable Match match(Message message) {
            Armed armed = next.get();
            boolean meant =
                    armed != null && armed.request().is(message) && next.compareAndSet(armed, null);
            return meant && armed != null ? new Match(armed.hold(), 0) : null;
        }

        @Override
        public void forwarded(Message message) {}

        @Override
        public boolean meant(Match match, String reply) {
            return true;
        }

        @Override
        public boolean readsReply(Match match) {
            return false;
        }
    }
}
