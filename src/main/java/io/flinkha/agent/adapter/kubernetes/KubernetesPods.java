package io.flinkha.agent.adapter.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkha.agent.core.restart.PodView;
import io.flinkha.agent.port.Pods;
import io.flinkha.agent.port.Result;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Pods as their kubelets report them. */
public final class KubernetesPods implements Pods {
    private static final Set<String> TERMINAL = Set.of("Failed", "Succeeded");

    /** What a kubelet writes where it cannot find the container: it may run on. */
    private static final String MADE_UP = "ContainerStatusUnknown";

    /** What a pod can be called: labels of a domain name. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    private final KubernetesClient client;
    private final String namespace;
    private final String jobManagerContainer;

    public KubernetesPods(KubernetesClient client, String namespace, String jobManagerContainer) {
        this.client = client;
        this.namespace = namespace;
        this.jobManagerContainer = jobManagerContainer;
    }

    @Override
    public Result<Optional<PodView>> read(String name) {
        if (!NAME.matcher(name).matches()) {
            // Names come out of a Lease that anybody may have edited, and go into a path.
            return new Result.Ok<>(Optional.empty());
        }
        return ApiCall.of(() ->
                Optional.ofNullable(client.pods().inNamespace(namespace).withName(name).get())
                        .map(this::view));
    }

    private PodView view(Pod pod) {
        PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        Optional<ContainerStatus> jobManager =
                status.getContainerStatuses().stream()
                        .filter(container -> jobManagerContainer.equals(container.getName()))
                        .findFirst();
        return new PodView(
                pod.getMetadata().getUid(),
                pod.getMetadata().getDeletionTimestamp() != null,
                hasEnded(status),
                jobManager
                        .map(container ->
                                Objects.requireNonNullElse(container.getRestartCount(), 0))
                        .orElse(0),
                jobManager.map(KubernetesPods::lastEnd).orElse(""));
    }

    /**
     * The phase alone proves nothing: the pod garbage collector writes Failed for a pod whose node
     * is gone, and leaves its containers "running", which they may well be.
     */
    private static boolean hasEnded(PodStatus status) {
        return status.getPhase() != null
                && TERMINAL.contains(status.getPhase())
                && !status.getContainerStatuses().isEmpty()
                && Stream.concat(
                                status.getContainerStatuses().stream(),
                                status.getInitContainerStatuses().stream())
                        .map(container -> end(container.getState()))
                        .allMatch(end -> end.isPresent() && !MADE_UP.equals(end.get().getReason()));
    }

    private static Optional<ContainerStateTerminated> end(@Nullable ContainerState state) {
        return Optional.ofNullable(state).map(ContainerState::getTerminated);
    }

    private static String lastEnd(ContainerStatus container) {
        return end(container.getState())
                .or(() -> end(container.getLastState()))
                .map(KubernetesPods::describe)
                .orElse("");
    }

    private static String describe(ContainerStateTerminated end) {
        StringBuilder text = new StringBuilder("exit code ").append(end.getExitCode());
        if (end.getReason() != null && !end.getReason().isEmpty()) {
            text.append(", ").append(end.getReason());
        }
        if (end.getFinishedAt() != null) {
            text.append(" at ").append(end.getFinishedAt());
        }
        return text.toString();
    }
}
