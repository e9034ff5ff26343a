package io.flinkha.agent.port;

import io.flinkha.agent.core.Outcome;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A value, or how the call failed. */
public sealed interface Result<T> {
    record Ok<T>(T value) implements Result<T> {}

    record Failed<T>(Outcome outcome, String reason) implements Result<T> {}

    default <R> Result<R> map(Function<T, R> change) {
        return switch (this) {
            case Ok<T>(T value) -> new Ok<>(change.apply(value));
            case Failed<T>(Outcome outcome, String reason) -> new Failed<>(outcome, reason);
        };
    }

    default <R> R fold(Function<T, R> ok, BiFunction<Outcome, String, R> failed) {
        return switch (this) {
            case Ok<T>(T value) -> ok.apply(value);
            case Failed<T>(Outcome outcome, String reason) -> failed.apply(outcome, reason);
        };
    }
}
