package io.flinkha.agent.adapter.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
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
        } catch (KubernetesClientException e) {
            return new Result.Failed<>(outcome(e), why(e));
        }
    }

    /** In one line: what the API server said, or why it could not be asked. */
    static String why(RuntimeException failure) {
        if (failure instanceof KubernetesClientException e && e.getStatus() != null) {
            return e.getCode() + " " + e.getStatus().getMessage();
        }
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    /** Whatever is not a definite refusal may have happened. */
    private static Outcome outcome(KubernetesClientException e) {
        return switch (e.getCode()) {
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
