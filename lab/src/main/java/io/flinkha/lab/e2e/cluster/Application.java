package io.flinkha.lab.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.Json;
import io.flinkha.lab.measure.JobManagerRest;
import io.flinkha.lab.measure.Pulses;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One Flink application in a namespace and on a volume of its own. */
public final class Application implements AutoCloseable {
    public static final String CLUSTER_ID = "count-job";
    public static final long RECORDS = 200_000;

    private static final Duration GONE = Duration.ofMinutes(3);

    private final TestCluster cluster;
    private final Side side;
    private final String namespace;
    private final Path directory;
    private final Path volume;
    private final Pods pods;
    private final @Nullable LeadershipRecorder leadership;
    private final String manifests;
    private final long deployedAt;

    private Application(
            TestCluster cluster,
            Side side,
            String name,
            String base,
            String kustomization,
            List<Path> resources) {
        this.cluster = cluster;
        this.side = side;
        this.namespace = "e2e-" + name;
        this.directory = cluster.project().target().resolve("e2e").resolve(name);
        this.volume = cluster.volumes().resolve(namespace);
        deleteAll();
        cluster.awaitNodes();
        offerVolume();
        this.manifests =
                Kustomize.render(
                        cluster.project().root().resolve(base),
                        directory,
                        namespace,
                        resources,
                        kustomization);
        Console.event("=== " + name);
        this.leadership =
                side == Side.OURS ? new LeadershipRecorder(cluster, namespace, directory) : null;
        this.deployedAt = System.currentTimeMillis();
        apply(item -> true);
        this.pods = new Pods(cluster.client(), namespace, directory);
    }

    public static Application deploy(TestCluster cluster, String name) {
        return deploy(cluster, name, "");
    }

    /** With lines of kustomization of its own. */
    public static Application deploy(TestCluster cluster, String name, String kustomization) {
        return new Application(
                cluster, Side.OURS, name, Side.OURS.manifests(), kustomization, List.of());
    }

    /** The same name on either side; it is in a namespace of the side's own. */
    public static Application deploy(
            TestCluster cluster, Side side, String name, String kustomization) {
        return new Application(
                cluster,
                side,
                side.title() + "-" + name,
                side.manifests(),
                kustomization,
                List.of());
    }

    /** Its Job is as somebody wrote it who knows nothing of the agent but a label. */
    public static Application deployInjected(TestCluster cluster, String name, Path job) {
        return new Application(cluster, Side.OURS, name, "lab/injected", "", List.of(job));
    }

    private void offerVolume() {
        try {
            DirectoryTree.delete(volume);
            Files.createDirectories(volume);
            // The nodes' users are not this machine's.
            Files.setPosixFilePermissions(volume, PosixFilePermissions.fromString("rwxrwxrwx"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client().resource(
                        new PersistentVolumeBuilder()
                                .withNewMetadata()
                                .withName(namespace)
                                .endMetadata()
                                .withNewSpec()
                                .withAccessModes("ReadWriteMany")
                                .withCapacity(Map.of("storage", new Quantity("10Gi")))
                                .withPersistentVolumeReclaimPolicy("Retain")
                                .withStorageClassName("")
                                .withNewClaimRef()
                                .withNamespace(namespace)
                                .withName("flink-storage")
                                .endClaimRef()
                                .withNewHostPath(volume.toString(), "Directory")
                                .endSpec()
                                .build())
                .create();
    }

    private void apply(Predicate<HasMetadata> which) {
        client()
                .load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
                .items()
                .stream()
                .filter(which)
                .forEach(item -> client().resource(item).create());
    }

    /** As it was deployed; the one before it has to be gone. */
    public void createJob() {
        apply(Job.class::isInstance);
    }

    public KubernetesClient client() {
        return cluster.client();
    }

    public Side side() {
        return side;
    }

    public Pods pods() {
        return pods;
    }

    public String namespace() {
        return namespace;
    }

    public long deployedAt() {
        return deployedAt;
    }

    public JobManagerRest rest() {
        return pods.rest();
    }

    public Job job() {
        return Reads.again(
                client().batch().v1().jobs().inNamespace(namespace).withName("jobmanager")::get);
    }

    /** 0 on the stock side, which has no Job to count them. */
    public int failedPods() {
        Integer failed = side == Side.STOCK ? null : job().getStatus().getFailed();
        return failed == null ? 0 : failed;
    }

    /** Who waits for it asks again where the API server closed a connection. */
    public boolean jobIs(String condition) {
        try {
            return shows(condition);
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    private boolean shows(String condition) {
        return job().getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals(condition) && c.getStatus().equals("True"));
    }

    public JsonNode manifest() {
        ConfigMap map = configMap(CLUSTER_ID + "-flink-ha");
        return Json.read(Objects.requireNonNullElse(map.getData().get("manifest.json"), "{}"));
    }

    /** 0 on the stock side, which has no manifest. */
    public long epoch() {
        return side == Side.STOCK ? 0 : manifest().path("epoch").asLong();
    }

    /** The newest checkpoint that the manifest names; 0 if there is none. */
    public long pointer() {
        JsonNode checkpoints = manifest().path("checkpoints");
        return checkpoints.isEmpty()
                ? 0
                : checkpoints.get(checkpoints.size() - 1).path("id").asLong();
    }

    public ConfigMap configMap(String name) {
        return Reads.again(client().configMaps().inNamespace(namespace).withName(name)::get);
    }

    /** Where manifests, logs and what else a person may want to read are kept. */
    public Path directory() {
        return directory;
    }

    public Path data() {
        return volume.resolve("data");
    }

    public int mainRuns() {
        Path file = data().resolve("main-runs");
        try {
            return Files.exists(file) ? Files.readAllLines(file).size() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Pulses pulses() {
        return Pulses.read(data().resolve("pulse"));
    }

    /** What the job obeys: {@code drain} lets it end, {@code fail} makes a task fail. */
    public void place(String controlFile) {
        try {
            Files.createFile(data().resolve(controlFile));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the job runs and has made a few checkpoints. */
    public void awaitSteady() {
        awaitRunning();
        awaitCheckpoints(3, Duration.ofMinutes(1));
    }

    public void awaitRunning() {
        Await.until(
                "the job's first start", Duration.ofMinutes(3), () -> rest().job().allRunning());
        Console.event("job RUNNING");
    }

    public void awaitCheckpoints(int more, Duration limit) {
        long start = rest().checkpoints().completed();
        Await.until(
                more + " checkpoints",
                limit,
                () -> rest().checkpoints().completed() >= start + more);
    }

    private void deleteAll() {
        var old = client().namespaces().withName(namespace);
        if (old.get() != null) {
            old.delete();
        }
        client().persistentVolumes().withName(namespace).delete();
        Await.until(
                "the end of namespace " + namespace,
                GONE,
                () ->
                        old.get() == null
                                && client().persistentVolumes().withName(namespace).get() == null);
    }

    /** Keeps the logs, takes the rest away. */
    @Override
    public void close() {
        pods.saveLogs();
        if (leadership != null) {
            cluster.ended(leadership.end());
        }
        pods.close();
        // What the pods hold must not delay the next scenario.
        for (var pod : client().pods().inNamespace(namespace).list().getItems()) {
            client().resource(pod).withGracePeriod(0).delete();
        }
        deleteAll();
    }

    /** Names of all pods that the JobManager's Job ever had, as far as anybody looked. */
    public List<String> podsSeen() {
        return pods.seen();
    }
}
