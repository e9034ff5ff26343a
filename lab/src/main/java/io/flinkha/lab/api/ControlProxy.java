package io.flinkha.lab.api;

import io.flinkha.lab.api.HoldingProxy.Match;
import io.flinkha.lab.api.HoldingProxy.Message;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Stands between the jar in a JobManager and the agent beside it, and can hold one message. */
public final class ControlProxy implements AutoCloseable {
    private record Armed(ControlMessage message, CommitHold hold) {}

    private final HoldingProxy proxy;
    private final AtomicReference<@Nullable Armed> next = new AtomicReference<>();

    /** Listens at {@code port} and forwards to the agent's control port. */
    public ControlProxy(int port, int controlPort) {
        this.proxy = new HoldingProxy(port, controlPort, new Calls());
    }

    public int port() {
        return proxy.port();
    }

    /** The next such message is held, or the reply to it. */
    public CommitHold holdNext(ControlMessage message, CommitHold.Point point) {
        if (message == ControlMessage.GATE_OPEN && point == CommitHold.Point.BEFORE) {
            throw new IllegalArgumentException("Nobody knows yet that it will be an OPEN");
        }
        CommitHold hold = new CommitHold(point);
        next.set(new Armed(message, hold));
        return hold;
    }

    @Override
    public void close() {
        proxy.close();
    }

    private final class Calls implements HoldingProxy.Traffic {
        @Override
        public boolean readsBody(String method, String uri) {
            return uri.equals("/v1/gate");
        }

        @Override
        public @Nullable Match match(Message message) {
            Armed armed = next.get();
            if (armed == null
                    || !armed.message().matches(message.method(), message.uri(), message.body())) {
                return null;
            }
            // Which poll is answered with OPEN is seen when the answer is there.
            boolean taken =
                    armed.message() == ControlMessage.GATE_OPEN || next.compareAndSet(armed, null);
            return taken ? new Match(armed.hold(), 0) : null;
        }

        @Override
        public void forwarded(Message message) {}

        @Override
        public boolean readsReply(Match match) {
            Armed armed = next.get();
            return armed != null && armed.hold() == match.hold();
        }

        /** A hold that is still armed waits for its answer. */
        @Override
        public boolean meant(Match match, String reply) {
            Armed armed = next.get();
            return armed == null
                    || armed.hold() != match.hold()
                    || (armed.message().answeredBy(reply) && next.compareAndSet(armed, null));
        }
    }
}
