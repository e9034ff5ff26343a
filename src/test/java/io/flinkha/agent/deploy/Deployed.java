package io.flinkha.agent.deploy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkha.agent.adapter.kubernetes.KubernetesLeaseStore;
import io.flinkha.agent.contract.Connected;
import io.flinkha.agent.port.LeaseStore;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** One kustomization in a namespace of its own, which goes away with it. */
final class Deployed implements AutoCloseable {
    private final KubernetesClient client = RealApi.admin();
    private final String namespace = RealApi.newNamespace();
    private final Path manifests;
    private final Kubectl.Ran applied;

    Deployed(Kustomization kustomization, List<String> options) {
        this.manifests = kustomization.render(namespace);
        this.applied = apply(options);
    }

    Kubectl.Ran apply(List<String> options) {
        return Kubectl.apply(manifests, options.toArray(String[]::new));
    }

    Kubectl.Ran applied() {
        return applied;
    }

    KubernetesClient client() {
        return client;
    }

    List<HasMetadata> objects() {
        return RealApi.objects(client, manifests);
    }

    LeaseStore leases() {
        return new KubernetesLeaseStore(Connected.as(client), namespace, Kustomization.CLUSTER_ID);
    }

    Lease lease() {
        return client.leases().inNamespace(namespace).withName(Kustomization.CLUSTER_ID).get();
    }

    String namespace() {
        return namespace;
    }

    /** As the controllers would make them from the templates. */
    List<Pod> pods() {
        return objects().stream()
                .flatMap(Deployed::template)
                .map(template ->
                        new PodBuilder()
                                .withMetadata(template.getMetadata())
                                .editMetadata()
                                .withNamespace(namespace)
                                .withGenerateName("dry-run-")
                                .endMetadata()
                                .withSpec(template.getSpec())
                                .build())
                .toList();
    }

    private static Stream<PodTemplateSpec> template(HasMetadata object) {
        return switch (object) {
            case Job job -> Stream.of(job.getSpec().getTemplate());
            case Deployment deployment -> Stream.of(deployment.getSpec().getTemplate());
            default -> Stream.empty();
        };
    }

    @Override
    public void close() {
        try (client) {
            client.namespaces().withName(namespace).delete();
        }
    }
}
