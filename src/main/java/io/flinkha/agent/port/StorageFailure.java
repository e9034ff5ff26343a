package io.flinkha.agent.port;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A storage that did not do what it was asked, and why: one sentence with the object's name. */
public final class StorageFailure extends IOException {
    private static final long serialVersionUID = 1L;

    /** What a person has to look at. */
    public enum Kind {
        /** No right to it, or credentials that are wrong or ran out. */
        DENIED,
        /** The store asks for fewer requests. */
        THROTTLED,
        /** Asked, and it did not answer in time. */
        NO_ANSWER,
        /** No connection, or one that broke. */
        UNREACHABLE,
        /** The wrong bucket, region or endpoint. */
        MISCONFIGURED,
        /** The clocks here and there differ by too much. */
        CLOCK_SKEWED,
        FULL,
        READ_ONLY,
        /** Something else: the message says it. */
        FAILED
    }

    private final Kind kind;

    public StorageFailure(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** What a person should read of it, without the name of a class where there is a sentence. */
    public static String sentence(Throwable failure) {
        return failure instanceof StorageFailure
                ? String.valueOf(failure.getMessage())
                : failure.toString();
    }
}
