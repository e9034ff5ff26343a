package io.flinkha.lab.api;

import io.flinkha.lab.api.HoldingProxy.Match;
import io.flinkha.lab.api.HoldingProxy.Message;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.measure.CheckpointPointer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stands between an agent and the API server and can stop the world at one point: just before a
 * write reaches the API server, or just after, before its reply reaches the agent.
 */
public final class PausingProxy implements AutoCloseable {
    private record Armed(AgentWrite write, CommitHold hold) {}

    private final RequestCounts counts = new RequestCounts();
    private final WriteHistory history;
    private final HoldingProxy proxy;
    private final AtomicReference<@Nullable Armed> next = new AtomicReference<>();

    /** Listens at {@code port} and forwards to {@code target}, both on this machine. */
    public PausingProxy(int port, int target, String clusterId) {
        this.history = new WriteHistory(clusterId);
        this.proxy = new HoldingProxy(port, target, new Writes());
    }

    public int port() {
        return proxy.port();
    }

    public RequestCounts counts() {
        return counts;
    }

    /** The next commit that adds a checkpoint is held at the given point. */
    public CommitHold holdNextCommit(CommitHold.Point point) {
        return holdNext(AgentWrite.CHECKPOINT, point);
    }

    /** The next write of this kind is held at the given point. */
    public CommitHold holdNext(AgentWrite write, CommitHold.Point point) {
        CommitHold hold = new CommitHold(point);
        next.set(new Armed(write, hold));
        return hold;
    }

    /** From now on the API server is away: connections are cut and refused. */
    public void refuse() {
        proxy.refuse();
    }

    /** It is back, at the same port. */
    public void accept() {
        proxy.accept();
    }

    @Override
    public void close() {
        proxy.close();
    }

    private final class Writes implements HoldingProxy.Traffic {
        @Override
        public boolean readsBody(String method, String uri) {
            ApiRequest asked = ApiRequest.of(method, uri);
            return switch (asked.resource()) {
                case "leases", "configmaps" ->
                        asked.verb().equals("post") || asked.verb().equals("put");
                case "jobs" -> asked.verb().equals("patch");
                default -> false;
            };
        }

        @Override
        public @Nullable Match match(Message message) {
            ApiRequest asked = ApiRequest.of(message.method(), message.uri());
            counts.add(asked, message.userAgent());
            Armed armed = next.get();
            if (armed == null
                    || !history.kinds(asked, message.body()).contains(armed.write())
                    || !next.compareAndSet(armed, null)) {
                return null;
            }
            return new Match(
                    armed.hold(),
                    CheckpointPointer.newest(WriteHistory.manifest(Json.read(message.body()))));
        }

        @Override
        public void forwarded(Message message) {
            history.passed(ApiRequest.of(message.method(), message.uri()), message.body());
        }

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
