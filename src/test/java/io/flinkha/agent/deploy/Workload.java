package io.flinkha.agent.deploy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a kustomization's containers get to see, as the kubelet would resolve it. */
final class Workload {
    private final List<HasMetadata> objects;

    Workload(Kustomization kustomization) {
        // No server is asked: the client only reads the file.
        try (KubernetesClient reader =
                new KubernetesClientBuilder().withConfig(Config.empty()).build()) {
            objects = RealApi.objects(reader, kustomization.render(RealApi.newNamespace()));
        }
    }

    private <T extends HasMetadata> T only(Class<T> kind, String name) {
        return objects.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    PodSpec jobManagerPod() {
        return only(Job.class, "jobmanager").getSpec().getTemplate().getSpec();
    }

    PodSpec taskManagerPod() {
        return only(Deployment.class, "taskmanager").getSpec().getTemplate().getSpec();
    }

    static Container container(PodSpec pod, String name) {
        return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .filter(container -> container.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    Map<String, String> environment(Container container) {
        Map<String, String> resolved = new HashMap<>();
        for (EnvVar variable : container.getEnv()) {
            String value = value(variable);
            if (value != null) {
                resolved.put(variable.getName(), value);
            }
        }
        return resolved;
    }

    private @Nullable String value(EnvVar variable) {
        EnvVarSource source = variable.getValueFrom();
        if (source == null) {
            return variable.getValue();
        }
        ConfigMapKeySelector reference = source.getConfigMapKeyRef();
        if (reference == null) {
            return source.getFieldRef().getFieldPath();
        }
        String value = only(ConfigMap.class, reference.getName()).getData().get(reference.getKey());
        return Boolean.TRUE.equals(reference.getOptional())
                ? value
                : Objects.requireNonNull(value, reference.getKey());
    }

    /** With each {@code $(NAME)} replaced. */
    String command(Container container) {
        String command = String.join(" ", container.getCommand());
        for (var variable : environment(container).entrySet()) {
            command = command.replace("$(" + variable.getKey() + ")", variable.getValue());
        }
        return command;
    }
}
