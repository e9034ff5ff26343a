package io.flinkha.agent.contract;

import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.port.Result;
import io.flinkha.agent.port.ServerVersion;

/** An API server that says what it is told to. */
public final class FakeServerVersion implements ServerVersion {
    private Result<Release> answer = new Result.Failed<>(Outcome.UNREACHABLE, "told nothing yet");
    private int asked;

    public void say(Release release) {
        answer = new Result.Ok<>(release);
    }

    public void fail(Outcome outcome, String reason) {
        answer = new Result.Failed<>(outcome, reason);
    }

    /** How often. */
    public int asked() {
        return asked;
    }

    @Override
    public Result<Release> read() {
        asked++;
        return answer;
    }
}
