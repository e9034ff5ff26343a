package io.flinkha.lab.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** deploy/injector on the cluster, for all Jobs that are made while it is there. */
public final class Injector implements AutoCloseable {
    private static final String NAMESPACE = "flink-ha-system";
    private static final String NAME = "flink-ha-injector";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final KubernetesClient client;
    private final Path root;

    private Injector(TestCluster cluster) {
        this.client = cluster.client();
        this.root = cluster.project().root();
    }

    public static Injector deploy(TestCluster cluster) {
        Injector injector = new Injector(cluster);
        injector.remove();
        Console.event("=== the injector");
        Program.run(injector.root, "kubectl", "apply", "-k", "lab/injector");
        injector.issueCertificate();
        injector.awaitReplicas(2);
        return injector;
    }

    private void issueCertificate() {
        Program.run(root, "deploy/injector/certificate.sh");
    }

    /** From now on the API server trusts no certificate that the injectors showed before. */
    public void replaceAuthority() {
        client.secrets().inNamespace(NAMESPACE).withName(NAME + "-ca").delete();
        issueCertificate();
    }

    public void scale(int replicas) {
        client.apps().deployments().inNamespace(NAMESPACE).withName(NAME).scale(replicas);
        awaitReplicas(replicas);
    }

    private void awaitReplicas(int replicas) {
        Await.until(
                replicas + " injectors",
                LIMIT,
                () -> {
                    var status =
                            TestCluster.read(() ->
                                    client.apps()
                                            .deployments()
                                            .inNamespace(NAMESPACE)
                                            .withName(NAME)
                                            .get()
                                            .getStatus());
                    Integer ready = status.getReadyReplicas();
                    return (ready == null ? 0 : ready) == replicas && pods().size() == replicas;
                });
    }

    private List<Pod> pods() {
        return client.pods()
                .inNamespace(NAMESPACE)
                .withLabel("app.kubernetes.io/component", "injector")
                .list()
                .getItems();
    }

    public void removeWebhook() {
        client.admissionRegistration().v1().mutatingWebhookConfigurations().withName(NAME).delete();
    }

    public int restarts() {
        return pods().stream()
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .mapToInt(ContainerStatus::getRestartCount)
                .sum();
    }

    private void remove() {
        Program.run(
                root, "kubectl", "delete", "-k", "lab/injector", "--ignore-not-found", "--wait");
    }

    @Override
    public void close() {
        remove();
    }
}
