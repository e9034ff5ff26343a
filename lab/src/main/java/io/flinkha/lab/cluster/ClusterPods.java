package io.flinkha.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.measure.FlinkLog;
import io.flinkha.lab.measure.JobManagerRest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The application's pods: which there are, what their containers do, what they log. */
public final class ClusterPods implements AutoCloseable {
    public static final String AGENT = "flink-ha-agent";

    static final String COMPONENT = "app.kubernetes.io/component";
    private static final int REST = 8081;
    private static final int MANAGEMENT = 8481;

    /** Who waits asks often: the cluster has other things to do than to answer that. */
    private static final long FRESH_NANOS = 300_000_000;

    private final KubernetesClient client;
    private final String namespace;
    private final Path directory;
    private final Function<List<Pod>, Optional<Pod>> leader;
    private final Set<String> seen = new LinkedHashSet<>();
    private @Nullable List<Pod> looked;
    private long lookedAt;
    private @Nullable Pod leads;
    private @Nullable String forwardedPod;
    private @Nullable LocalPortForward forward;
    private @Nullable JobManagerRest rest;

    /**
     * @param leader which of several it is; where it does not say, the newest one
     */
    ClusterPods(
            KubernetesClient client,
            String namespace,
            Path directory,
            Function<List<Pod>, Optional<Pod>> leader) {
        this.leader = leader;
        this.client = client;
        this.namespace = namespace;
        this.directory = directory;
    }

    public synchronized List<Pod> jobManagers() {
        long now = System.nanoTime();
        if (looked == null || now - lookedAt > FRESH_NANOS) {
            looked = list();
            leads = leader.apply(looked).orElse(null);
            lookedAt = now;
        }
        return looked;
    }

    private List<Pod> asked() {
        return client.pods()
                .inNamespace(namespace)
                .withLabel(COMPONENT, "jobmanager")
                .list()
                .getItems();
    }

    private List<Pod> list() {
        List<Pod> all =
                TestCluster.read(this::asked).stream()
                        .sorted(
                                Comparator.comparing(
                                        pod -> pod.getMetadata().getCreationTimestamp()))
                        .toList();
        all.forEach(pod -> seen.add(pod.getMetadata().getName()));
        return all;
    }

    /** The leader's, or the newest; one that is being deleted counts only if there is no other. */
    public synchronized @Nullable Pod jobManager() {
        List<Pod> all = jobManagers();
        return leads != null ? leads : newest(all);
    }

    private static @Nullable Pod newest(List<Pod> all) {
        return all.stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .reduce((first, second) -> second)
                .orElse(all.isEmpty() ? null : all.getLast());
    }

    public String jobManagerName() {
        return Objects.requireNonNull(jobManager(), "no JobManager pod").getMetadata().getName();
    }

    public List<Pod> taskManagers() {
        return client.pods()
                .inNamespace(namespace)
                .withLabel(COMPONENT, "taskmanager")
                .list()
                .getItems();
    }

    List<String> seen() {
        return List.copyOf(seen);
    }

    /** A container of the JobManager's pod: {@code jobmanager} or {@link #AGENT}. */
    public @Nullable ContainerStatus container(String name) {
        Pod pod = jobManager();
        return pod == null ? null : container(pod, name);
    }

    public static @Nullable ContainerStatus container(Pod pod, String name) {
        return Stream.concat(
                        pod.getStatus().getContainerStatuses().stream(),
                        pod.getStatus().getInitContainerStatuses().stream())
                .filter(status -> status.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The id of the container that runs; empty while none does. */
    public String runningId(String name) {
        ContainerStatus status = container(name);
        return status == null || status.getState().getRunning() == null
                ? ""
                : Objects.requireNonNullElse(status.getContainerID(), "");
    }

    public int restarts(String name) {
        ContainerStatus status = container(name);
        return status == null ? 0 : status.getRestartCount();
    }

    /** An API server that knows no restart rules, or has them switched off, drops them. */
    public boolean hasRestartRules() {
        Pod pod = jobManager();
        return pod != null
                && pod.getSpec().getContainers().stream()
                        .filter(container -> container.getName().equals("jobmanager"))
                        .anyMatch(container -> !container.getRestartPolicyRules().isEmpty());
    }

    /** What the agent says of itself on its management port, through the API server. */
    public JsonNode agentStatus() {
        return agentStatus(jobManagerName());
    }

    public JsonNode agentStatus(String pod) {
        return Json.read(
                client.raw(
                        "/api/v1/namespaces/%s/pods/%s:%d/proxy/status"
                                .formatted(namespace, pod, MANAGEMENT)));
    }

    /** REST of the JobManager, through the API server: pods need not be reachable from here. */
    public synchronized JobManagerRest rest() {
        try {
            Pod pod = jobManager();
            String name = pod == null ? null : pod.getMetadata().getName();
            if (rest == null || (name != null && !name.equals(forwardedPod))) {
                closeForward();
                LocalPortForward opened =
                        client.pods()
                                .inNamespace(namespace)
                                .withName(name == null ? "none" : name)
                                .portForward(REST);
                forward = opened;
                forwardedPod = name;
                rest = new JobManagerRest(opened.getLocalPort());
            }
            return rest;
        } catch (KubernetesClientException e) {
            // While the API server is away, the way that was found before may still be open.
            return rest == null ? new JobManagerRest(1) : rest;
        }
    }

    private void closeForward() {
        LocalPortForward open = forward;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It led to a pod that is gone.
            }
        }
    }

    /** As Lease and manifest name it. */
    public static String identity(Pod pod) {
        return pod.getMetadata().getName() + "/" + pod.getMetadata().getUid();
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    static boolean isRunning(Pod pod, String name) {
        ContainerStatus status = container(pod, name);
        return status != null && status.getState().getRunning() != null;
    }

    /** The log of the JobManager's process that runs, or ran last. */
    public FlinkLog jobManagerLog() {
        String text = log(jobManagerName(), "jobmanager", false);
        // Its supervisor tells of each end in the same log.
        int lastEnd = text.lastIndexOf("\nflink-ha-run: start ");
        text = lastEnd < 0 ? text : text.substring(lastEnd);
        return FlinkLog.read(Directories.write(directory.resolve("jobmanager-current.log"), text));
    }

    private String log(String pod, String container, boolean previous) {
        try {
            var source = client.pods().inNamespace(namespace).withName(pod).inContainer(container);
            return previous ? source.terminated().getLog() : source.getLog();
        } catch (KubernetesClientException e) {
            return "";
        }
    }

    /** All logs that the nodes still have. */
    void saveLogs() {
        List<Pod> all = new ArrayList<>(jobManagers());
        all.addAll(taskManagers());
        for (Pod pod : all) {
            String name = pod.getMetadata().getName();
            Stream.concat(
                            pod.getSpec().getContainers().stream(),
                            pod.getSpec().getInitContainers().stream())
                    .forEach(container -> {
                        save(name, container.getName(), false);
                        save(name, container.getName(), true);
                    });
        }
    }

    private void save(String pod, String container, boolean previous) {
        String text = log(pod, container, previous);
        if (text.isEmpty()) {
            return;
        }
        String file = pod + "." + container + (previous ? ".previous" : "") + ".log";
        var unused = Directories.write(directory.resolve(file), text);
    }

    @Override
    public void close() {
        closeForward();
    }
}
