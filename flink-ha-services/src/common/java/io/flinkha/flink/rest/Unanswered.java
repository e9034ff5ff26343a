package io.flinkha.flink.rest;

import java.io.IOException;

/** The endpoint was reached and nothing came back: a thread that was to answer did not. */
public final class Unanswered extends IOException {
    private static final long serialVersionUID = 1L;

    Unanswered(String what, Throwable cause) {
        super(what, cause);
    }
}
