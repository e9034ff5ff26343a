package io.flinkha.agent.adapter.storage;

import io.flinkha.agent.port.StorageFailure;
import io.flinkha.agent.port.StorageFailure.Kind;
import org.jspecify.annotations.Nullable;

/** What went wrong, where, and what to do about it, in one sentence. */
final class Failures {
    private Failures() {}

    /** What the store said is given last, on one line. */
    static StorageFailure of(
            Kind kind, String verb, String place, String said, @Nullable Throwable cause) {
        String what =
                switch (kind) {
                    case DENIED ->
                            "access denied: give the agent's identity the right to %s there, or look whether its credentials ran out"
                                    .formatted(verb);
                    case THROTTLED -> "the store asks for fewer requests, it is tried again";
                    case NO_ANSWER -> "no answer in time: look at the store and the network";
                    case UNREACHABLE ->
                            "no connection: look at flink-ha.storage.endpoint, DNS and network policies";
                    case MISCONFIGURED ->
                            "wrong bucket, container, region or endpoint: look at flink-ha.storage.uri, .region and .endpoint";
                    case CLOCK_SKEWED ->
                            "the clocks of this node and of the store differ too much: look at this node's time service";
                    case FULL -> "the storage is full: make room";
                    case READ_ONLY -> "mounted read-only: mount it writable";
                    case FAILED -> "failed";
                };
        return new StorageFailure(
                kind, "%s %s: %s (%s).".formatted(verb, place, what, said), cause);
    }
}
