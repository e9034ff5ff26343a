package io.flinkha.agent.adapter.kubernetes;

import io.flinkha.agent.adapter.kubernetes.ApiServer.Kind;
import io.flinkha.agent.core.restart.PodView;
import io.flinkha.agent.port.Pods;
import io.flinkha.agent.port.Result;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Pods as their kubelets report them. */
public final class KubernetesPods implements Pods {
    private static final Set<String> TERMINAL = Set.of("Failed", "Succeeded");

    /** What a kubelet writes where it cannot find the container: it may run on. */
    private static final String MADE_UP = "ContainerStatusUnknown";

    /** What a pod can be called: labels of a domain name. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    private final ApiServer.Resources pods;
    private final String jobManagerContainer;

    public KubernetesPods(ApiServer server, String namespace, String jobManagerContainer) {
        this.pods = server.resources(Kind.POD, namespace);
        this.jobManagerContainer = jobManagerContainer;
    }

    @Override
    public Result<Optional<PodView>> read(String name) {
        if (!NAME.matcher(name).matches()) {
            // Names come out of a Lease that anybody may have edited, and go into a path.
            return new Result.Ok<>(Optional.empty());
        }
        return ApiCall.of(() -> pods.get(name).map(this::view));
    }

    private PodView view(ApiObject pod) {
        JsonObject status = pod.part("status");
        Optional<JsonObject> jobManager =
                ApiObject.list(status, "containerStatuses")
                        .filter(container ->
                                jobManagerContainer.equals(container.getString("name")))
                        .findFirst();
        return new PodView(
                pod.uid(),
                pod.isBeingDeleted(),
                hasEnded(status),
                jobManager.map(container -> container.getInteger("restartCount", 0)).orElse(0),
                jobManager.map(KubernetesPods::lastEnd).orElse(""));
    }

    /**
     * The phase alone proves nothing: the pod garbage collector writes Failed for a pod whose node
     * is gone, and leaves its containers "running", which they may well be (R16).
     */
    private static boolean hasEnded(JsonObject status) {
        return TERMINAL.contains(status.getString("phase", ""))
                && ApiObject.list(status, "containerStatuses").findAny().isPresent()
                && Stream.concat(
                                ApiObject.list(status, "containerStatuses"),
                                ApiObject.list(status, "initContainerStatuses"))
                        .map(container -> end(container, "state"))
                        .allMatch(end ->
                                end.isPresent() && !MADE_UP.equals(end.get().getString("reason")));
    }

    private static Optional<JsonObject> end(JsonObject container, String which) {
        return Optional.ofNullable(container.getJsonObject(which))
                .map(state -> state.getJsonObject("terminated"));
    }

    private static String lastEnd(JsonObject container) {
        return end(container, "state")
                .or(() -> end(container, "lastState"))
                .map(KubernetesPods::describe)
                .orElse("");
    }

    private static String describe(JsonObject end) {
        StringBuilder text = new StringBuilder("exit code ").append(end.getInteger("exitCode"));
        if (!end.getString("reason", "").isEmpty()) {
            text.append(", ").append(end.getString("reason"));
        }
        if (end.getString("finishedAt") != null) {
            text.append(" at ").append(end.getString("finishedAt"));
        }
        return text.toString();
    }
}
