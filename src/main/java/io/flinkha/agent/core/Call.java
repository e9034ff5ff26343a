package io.flinkha.agent.core;

/**
 * A request in flight. Each port has at most one; an answer with another id is late and dropped.
 *
 * @param sentAt monotonic nanos at which the loop handed it out; a renewal counts from here, never
 *     from the reply
 */
public record Call(long id, Kind kind, long sentAt) {

    public enum Kind {
        READ,
        CREATE,
        WRITE,
        RELEASE,
        OTHER
    }
}
