package io.flinkha.flink.rest;

import java.io.IOException;
import org.apache.flink.runtime.rest.util.RestClientException;

/** The endpoint answered, and the answer is an error. */
public final class RestError extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int NOT_FOUND = 404;

    private final int status;

    RestError(int status, RestClientException error) {
        super(status + ": " + firstLine(error), error);
        this.status = status;
    }

    /** Flink sends its whole stack trace along. */
    private static String firstLine(RestClientException error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
    }

    /** Whether what was asked for does not exist; Flink's words say which of the things it is. */
    public boolean isMissing(String words) {
        return status == NOT_FOUND && String.valueOf(getCause()).contains(words);
    }
}
