package io.flinkha.agent.adapter.kubernetes;

import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.port.Result;
import java.net.ConnectException;
import java.util.function.Supplier;

/** Gives the failures of the API server their names. */
final class ApiCall {
    private ApiCall() {}

    static <T> Result<T> of(Supplier<T> call) {
        try {
            return new Result.Ok<>(call.get());
        } catch (ApiException e) {
            return new Result.Failed<>(outcome(e), why(e));
        }
    }

    /** In one line: what the API server said, or why it could not be asked. */
    static String why(RuntimeException failure) {
        if (failure instanceof ApiException refusal && refusal.code() > 0) {
            return String.valueOf(refusal.getMessage());
        }
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    /** Whatever is not a definite refusal may have happened. */
    private static Outcome outcome(ApiException e) {
        return switch (e.code()) {
            case 401, 403 -> Outcome.FORBIDDEN;
            case 404 -> Outcome.NOT_FOUND;
            case 409 -> Outcome.CONFLICT;
            case 429 -> Outcome.THROTTLED;
            default -> causedBy(e, ConnectException.class) ? Outcome.UNREACHABLE : Outcome.UNKNOWN;
        };
    }

    private static boolean causedBy(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
