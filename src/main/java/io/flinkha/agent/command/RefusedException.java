package io.flinkha.agent.command;

import io.flinkha.agent.port.Result;

/** The act is not done, or not to its end; the message is the sentence for whoever asked for it. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String sentence) {
        super(sentence);
    }

    /** What the API server answered, or why it did not. */
    static <T> T ok(String what, Result<T> result) throws RefusedException {
        return switch (result) {
            case Result.Ok<T>(T value) -> value;
            case Result.Failed<T> failed ->
                    throw new RefusedException(
                            "%s failed (%s: %s); call again, what is done stays done."
                                    .formatted(what, failed.outcome(), failed.reason()));
        };
    }
}
