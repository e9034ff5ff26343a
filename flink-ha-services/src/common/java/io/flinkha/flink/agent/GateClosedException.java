package io.flinkha.flink.agent;

/** The gate closed while the outcome of a call was still unknown. A halt is on its way. */
public final class GateClosedException extends Exception {
    private static final long serialVersionUID = 1L;

    GateClosedException(String what) {
        super(what + ": the outcome is not known, and the gate is closed");
    }
}
