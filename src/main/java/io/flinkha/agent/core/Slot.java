package io.flinkha.agent.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A part that lives on the calls of one port, of which one at most is in flight. */
abstract class Slot extends Part {
    /** In flight. */
    @Nullable Call call;

    /** Nanos before which no call is sent. */
    long nextAt;

    /** What is there may be other than what is known: it is read before it is written again. */
    boolean reread;

    boolean isDue(long now) {
        return call == null && now >= nextAt;
    }

    /** Takes the call that an answer is of out of flight; null if the answer is late. */
    @Nullable Call answered(long id) {
        Call sent = call;
        if (sent == null || sent.id() != id) {
            return null;
        }
        call = null;
        return sent;
    }

    /** Takes a call out of flight that was not answered in time; null if there is none. */
    @Nullable Call expired(long now, Duration timeout) {
        Call sent = call;
        if (sent == null || now - sent.sentAt() < timeout.toNanos()) {
            return null;
        }
        call = null;
        return sent;
    }

    /** The outcome of a call is not known, or may be out of date. */
    void readAgainAt(long nanos) {
        reread = true;
        nextAt = nanos;
    }

    @Override
    final String text(String... fields) {
        return super.text(
                String.join(", ", fields), "call=" + call, "nextAt=" + nextAt, "reread=" + reread);
    }
}
