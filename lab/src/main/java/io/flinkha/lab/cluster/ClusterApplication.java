package io.flinkha.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.ScalableResource;
import io.flinkha.lab.application.Application;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.leadership.SwitchOvers;
import io.flinkha.lab.measure.CheckpointPointer;
import io.flinkha.lab.measure.FlinkLog;
import io.flinkha.lab.measure.JobManagerRest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One Flink application in a namespace and on a volume of its own. */
public final class ClusterApplication extends Application {
    public static final String CLUSTER_ID = "count-job";

    private static final Duration GONE = Duration.ofMinutes(3);

    private final TestCluster cluster;
    private final Side side;
    private final Standby standby;
    private final String namespace;
    private final Path directory;
    private final Path volume;
    private final ClusterPods pods;
    private final JobManagerContainer jobManager;
    private final @Nullable LeadershipRecorder leadership;
    private final String manifests;
    private final long deployedAt;

    private ClusterApplication(
            TestCluster cluster,
            Side side,
            String given,
            String base,
            String kustomization,
            List<Path> resources,
            List<String> more) {
        this.cluster = cluster;
        this.side = side;
        this.standby = cluster.standby();
        String name = standby.prefix() + given;
        List<String> components =
                Stream.concat(standby.components(side).stream(), more.stream()).toList();
        this.namespace = "e2e-" + name;
        this.directory = cluster.project().target().resolve("e2e").resolve(name);
        this.volume = cluster.volumes().resolve(namespace);
        OfferedVolume offered = new OfferedVolume(namespace, volume);
        deleteAll();
        cluster.awaitNodes();
        offered.create(client());
        this.manifests =
                Kustomize.render(
                        cluster.project().root().resolve(base),
                        directory,
                        namespace,
                        resources,
                        kustomization
                                + Kustomize.components(
                                        cluster.project(), directory, side, components));
        Console.event("=== " + name);
        this.leadership =
                side == Side.AGENT ? new LeadershipRecorder(cluster, namespace, directory) : null;
        this.deployedAt = System.currentTimeMillis();
        apply(item -> true);
        this.pods =
                new ClusterPods(
                        cluster.client(), namespace, directory, all -> pair().leaderAmong(all));
        this.jobManager = new JobManagerContainer(cluster, pods, side == Side.AGENT);
    }

    public static ClusterApplication deploy(TestCluster cluster, String name) {
        return deploy(cluster, name, "");
    }

    /** With lines of kustomization of its own. */
    public static ClusterApplication deploy(
            TestCluster cluster, String name, String kustomization) {
        return new ClusterApplication(
                cluster,
                Side.AGENT,
                name,
                manifests(Side.AGENT),
                kustomization,
                List.of(),
                List.of());
    }

    /** With the storage as second witness. */
    public static ClusterApplication deployFailsafe(
            TestCluster cluster, String name, String kustomization) {
        String base = manifests(Side.AGENT);
        return new ClusterApplication(
                cluster,
                Side.AGENT,
                name,
                base,
                kustomization,
                List.of(),
                List.of("deploy/components/failsafe"));
    }

    /** The same name on either side; it is in a namespace of the side's own. */
    public static ClusterApplication deploy(
            TestCluster cluster, Side side, String name, String kustomization) {
        String own = side.title() + "-" + name;
        return new ClusterApplication(
                cluster, side, own, manifests(side), kustomization, List.of(), List.of());
    }

    private static String manifests(Side side) {
        return side == Side.STOCK ? "lab/stock" : "lab/application";
    }

    /** Its Job is as somebody wrote it who knows nothing of the agent but a label. */
    public static ClusterApplication deployInjected(TestCluster cluster, String name, Path job) {
        return new ClusterApplication(
                cluster, Side.AGENT, name, "lab/injected", "", List.of(job), List.of());
    }

    @Override
    public boolean hasStandby() {
        return standby != Standby.NONE;
    }

    /** Who of two leads, and who waits. */
    public Pair pair() {
        return new Pair(this, standby, leadership);
    }

    public JobOfPods jobOfPods() {
        return new JobOfPods(this);
    }

    @Override
    public void awaitSteady() {
        super.awaitSteady();
        if (hasStandby()) {
            pair().awaitSettled();
        }
    }

    /** How the newest leadership came about; null on the stock side. */
    public SwitchOvers.@Nullable Times switchOver() {
        return leadership == null ? null : leadership.timesOf(epoch());
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

    @Override
    public Side side() {
        return side;
    }

    public ClusterPods pods() {
        return pods;
    }

    public String namespace() {
        return namespace;
    }

    public long deployedAt() {
        return deployedAt;
    }

    @Override
    public JobManagerRest rest() {
        return pods.rest();
    }

    public Job job() {
        return TestCluster.read(job("jobmanager")::get);
    }

    public ScalableResource<Job> job(String name) {
        return client().batch().v1().jobs().inNamespace(namespace).withName(name);
    }

    public PodResource pod(String name) {
        return client().pods().inNamespace(namespace).withName(name);
    }

    public Resource<Lease> lease() {
        return client().leases().inNamespace(namespace).withName(CLUSTER_ID);
    }

    public Resource<ConfigMap> configMapResource(String name) {
        return client().configMaps().inNamespace(namespace).withName(name);
    }

    /** Whether anybody can read of it in {@code kubectl describe}. */
    public boolean hasEvent(String reason) {
        return TestCluster.read(
                        () -> client().v1().events().inNamespace(namespace).list().getItems())
                .stream()
                .anyMatch(event -> reason.equals(event.getReason()));
    }

    /** 0 on the stock side, which has no Job to count them. */
    @Override
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

    public void awaitJob(String condition, Duration limit) {
        Await.until("the Job's condition " + condition, limit, () -> jobIs(condition));
    }

    public void awaitSuspended(Duration limit) {
        awaitJob("Suspended", limit);
        Await.until("the end of its pod", limit, () -> pods.jobManager() == null);
    }

    private boolean shows(String condition) {
        return job().getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals(condition) && c.getStatus().equals("True"));
    }

    /** Empty on the stock side, which has none. */
    @Override
    public JsonNode manifest() {
        if (side == Side.STOCK) {
            return Json.read("{}");
        }
        ConfigMap map = configMap(CLUSTER_ID + "-flink-ha");
        return Json.read(Objects.requireNonNullElse(map.getData().get("manifest.json"), "{}"));
    }

    /** The newest checkpoint that the manifest names; 0 if there is none. */
    public long pointer() {
        return CheckpointPointer.newest(manifest());
    }

    public ConfigMap configMap(String name) {
        return TestCluster.read(configMapResource(name)::get);
    }

    /** Where manifests, logs and what else a person may want to read are kept. */
    public Path directory() {
        return directory;
    }

    /** The application's storage, as this machine reaches it. */
    public URI storage() {
        return volume.toUri();
    }

    @Override
    public Path data() {
        return volume.resolve("data");
    }

    @Override
    public FlinkLog jobManagerLog() {
        return pods.jobManagerLog();
    }

    /** The API server and its node have other things to do than to tell it again and again. */
    @Override
    public Optional<FlinkLog> liveLog() {
        return Optional.empty();
    }

    @Override
    public String jobManagerProcess() {
        return jobManager.process();
    }

    public JobManagerContainer jobManager() {
        return jobManager;
    }

    @Override
    public long jobManagerStartedAt(FlinkLog log) {
        return log.begin().orElse(System.currentTimeMillis());
    }

    @Override
    public String agentProcess() {
        return pods.runningId(ClusterPods.AGENT);
    }

    @Override
    public boolean agentAnswers() {
        return !agentProcess().isEmpty();
    }

    @Override
    public int restarts() {
        return jobManager.restarts();
    }

    @Override
    public String podName() {
        return pods.jobManagerName();
    }

    @Override
    public int podsUsed() {
        return pods.seen().size();
    }

    @Override
    public long killJobManager() {
        return jobManager.kill();
    }

    @Override
    public long killAgent() {
        Console.event("--- the agent is killed");
        return cluster.faults().kill(agentProcess());
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

    /** Before the API server is given an older state of everything. */
    public void expectSetBack() {
        if (leadership != null) {
            leadership.expectSetBack();
        }
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
}
