package io.flinkha.agent.adapter.kubernetes;

import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.port.Result;
import io.flinkha.agent.port.ServerVersion;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code GET /version}, which every account may read unless somebody has forbidden it. */
public final class KubernetesServerVersion implements ServerVersion {
    /** Clouds append to the number what is their own: {@code 29+}. */
    private static final Pattern RELEASE = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(\\D.*)?");

    private final ApiServer server;

    public KubernetesServerVersion(ApiServer server) {
        this.server = server;
    }

    @Override
    public Result<Release> read() {
        return ApiCall.of(server::version)
                .fold(
                        said ->
                                release(said)
                                        .<Result<Release>>map(Result.Ok::new)
                                        .orElseGet(() ->
                                                new Result.Failed<>(
                                                        Outcome.UNKNOWN,
                                                        "no version in " + said.encode())),
                        Result.Failed::new);
    }

    /** One that emulates an older release takes no more than that one did. */
    private static Optional<Release> release(JsonObject said) {
        return Stream.of(
                        joined(said, "emulationMajor", "emulationMinor"),
                        joined(said, "major", "minor"),
                        joined(said, "gitVersion"))
                .map(RELEASE::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(found ->
                        new Release(
                                Integer.parseInt(found.group(1)),
                                Integer.parseInt(found.group(2))));
    }

    private static String joined(JsonObject said, String... fields) {
        return String.join(".", Stream.of(fields).map(said::getString).toList());
    }
}
