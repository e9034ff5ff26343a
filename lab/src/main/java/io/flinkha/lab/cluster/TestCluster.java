package io.flinkha.lab.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Project;
import io.flinkha.lab.leadership.LeadershipHistory;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The cluster of KUBECONFIG, and what this machine shares with it. */
public final class TestCluster implements AutoCloseable {
    /** Said to the person, instead of a stack trace. */
    public static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Missing(String sentence) {
            super(sentence);
        }
    }

    private final KubernetesClient client;
    private final Project project;
    private final Path volumes;
    private final Optional<Faults> faults;
    private final Standby standby;
    private final List<LeadershipHistory> ended;

    private TestCluster(
            KubernetesClient client,
            Project project,
            Path volumes,
            Optional<Faults> faults,
            Standby standby,
            List<LeadershipHistory> ended) {
        this.client = client;
        this.project = project;
        this.volumes = volumes;
        this.faults = faults;
        this.standby = standby;
        this.ended = ended;
    }

    /** The same cluster; what is deployed there from now on has a standby, or none. */
    public TestCluster with(Standby other) {
        return new TestCluster(client, project, volumes, faults, other, ended);
    }

    public Standby standby() {
        return standby;
    }

    public static TestCluster open(Project project) {
        String kubeconfig =
                env("KUBECONFIG")
                        .orElseThrow(() ->
                                new Missing(
                                        "No cluster: set KUBECONFIG to one that may be broken."));
        Path volumes =
                env("E2E_VOLUME_DIR")
                        .map(Path::of)
                        .filter(Files::isDirectory)
                        .orElseThrow(() ->
                                new Missing(
                                        "No volume: set E2E_VOLUME_DIR to a directory that this"
                                                + " machine and all nodes share under one path."));
        Config config =
                new ConfigBuilder(Config.fromKubeconfig(new File(kubeconfig)))
                        .withRequestRetryBackoffLimit(0)
                        .withRequestTimeout(5_000)
                        .withConnectionTimeout(2_000)
                        .build();
        return new TestCluster(
                new KubernetesClientBuilder().withConfig(config).build(),
                project,
                volumes,
                env("E2E_FAULTS_DIR").map(Path::of).map(TestCluster::faults),
                Standby.NONE,
                new ArrayList<>());
    }

    private static Faults faults(Path directory) {
        HostFaults faults = new HostFaults(directory);
        faults.healAll();
        return faults;
    }

    /** Where the API server writes down who asks it for what. */
    public Optional<Path> auditLog() {
        return env("E2E_AUDIT_LOG").map(Path::of).filter(Files::isReadable);
    }

    private static Optional<String> env(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }

    public KubernetesClient client() {
        return client;
    }

    public Project project() {
        return project;
    }

    Path volumes() {
        return volumes;
    }

    public boolean hasFaults() {
        return faults.isPresent();
    }

    public Faults faults() {
        return faults.orElseThrow();
    }

    public List<String> nodes() {
        return client.nodes().list().getItems().stream()
                .map(node -> node.getMetadata().getName())
                .sorted()
                .toList();
    }

    /** One that was lost a scenario ago is given no pods for a while, and others would move in. */
    void awaitNodes() {
        Await.until(
                "all nodes to take pods",
                Duration.ofMinutes(2),
                () ->
                        client.nodes().list().getItems().stream()
                                .flatMap(node -> node.getSpec().getTaints().stream())
                                .noneMatch(
                                        taint -> taint.getKey().startsWith("node.kubernetes.io/")));
    }

    /** Once more where the API server closed a connection that nobody had used for a while. */
    static <T> T read(Supplier<T> read) {
        try {
            return read.get();
        } catch (KubernetesClientException e) {
            if (e.getStatus() != null) {
                throw e;
            }
            return read.get();
        }
    }

    void ended(LeadershipHistory history) {
        ended.add(history);
    }

    /** Of the applications that ended since somebody asked. */
    public List<LeadershipHistory> takeEnded() {
        List<LeadershipHistory> taken = List.copyOf(ended);
        ended.clear();
        return taken;
    }

    @Override
    public void close() {
        client.close();
    }
}
