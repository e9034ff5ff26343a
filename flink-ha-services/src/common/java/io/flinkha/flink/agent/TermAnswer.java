package io.flinkha.flink.agent;

import java.util.OptionalInt;

/** What a SIGTERM is to do: end the JVM with a code, or let Flink shut down. */
public final class TermAnswer {
    private final OptionalInt haltCode;
    private final String reason;

    private TermAnswer(OptionalInt haltCode, String reason) {
        this.haltCode = haltCode;
        this.reason = reason;
    }

    public static TermAnswer shutdown(String reason) {
        return new TermAnswer(OptionalInt.empty(), reason);
    }

    public static TermAnswer halt(int code, String reason) {
        return new TermAnswer(OptionalInt.of(code), reason);
    }

    /** Nothing for Flink's own shutdown. */
    public OptionalInt haltCode() {
        return haltCode;
    }

    public String reason() {
        return reason;
    }
}
