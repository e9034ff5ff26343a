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

    public KubernetesPods(ApiServer server, String namespace) {
        this.pods = server.resources(Kind.POD, namespace);
    }

    @Override
    public Result<Optional<PodView>> read(String name) {
        if (!NAME.matcher(name).matches()) {
            // Names come out of a Lease that anybody may have edited, and go into a path.
            return new Result.Ok<>(Optional.empty());
        }
        return ApiCall.of(() -> pods.get(name).map(KubernetesPods::view));
    }

    private static PodView view(ApiObject pod) {
        return new PodView(pod.uid(), pod.isBeingDeleted(), hasEnded(pod.part("status")));
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
                        .map(KubernetesPods::end)
                        .allMatch(end ->
                                end.isPresent() && !MADE_UP.equals(end.get().getString("reason")));
    }

    private static Optional<JsonObject> end(JsonObject container) {
        return Optional.ofNullable(container.getJsonObject("state"))
                .map(state -> state.getJsonObject("terminated"));
    }
}
