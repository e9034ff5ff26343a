package io.flinkha.lab.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.leadership.GateSpan;
import io.flinkha.lab.leadership.LeadershipHistory;
import io.flinkha.lab.leadership.SwitchOvers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches manifest, Lease and JobManagers for an application's whole life. Pods and their logs go;
 * what is needed of them is taken while they are there.
 */
final class LeadershipRecorder {
    static final String STANDBY = "flinkha.io/standby";

    private final TestCluster cluster;
    private final KubernetesClient client;
    private final Path directory;
    private final LeadershipHistory history = new LeadershipHistory();
    private final Map<String, ContainerProcess> processes = new LinkedHashMap<>();
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
    private final SwitchOvers switchOvers = new SwitchOvers();
    private String standby = "";
    private final CountDownLatch ended = new CountDownLatch(1);

    LeadershipRecorder(TestCluster cluster, String namespace, Path directory) {
        this.cluster = cluster;
        this.client = cluster.client();
        this.directory = directory;
        var maps = client.configMaps().inNamespace(namespace);
        inform(maps.withName(ClusterApplication.CLUSTER_ID + "-flink-ha"), this::manifest);
        var leases = client.leases().inNamespace(namespace);
        inform(leases.withName(ClusterApplication.CLUSTER_ID), this::lease);
        var pods = client.pods().inNamespace(namespace);
        inform(pods.withLabel(ClusterPods.COMPONENT, "jobmanager"), this::pod);
        Thread.ofVirtual().name("container-processes").start(this::look);
    }

    private <T> void inform(Informable<T> source, Consumer<T> seen) {
        SharedIndexInformer<T> informer = source.runnableInformer(0);
        informer.addEventHandler(
                new ResourceEventHandler<T>() {
                    @Override
                    public void onAdd(T added) {
                        seen.accept(added);
                    }

                    @Override
                    public void onUpdate(T before, T after) {
                        seen.accept(after);
                    }

                    @Override
                    public void onDelete(T last, boolean unknown) {
                        seen.accept(last);
                    }
                });
        // The API server goes away and comes back: nothing is a reason to give up.
        informer.exceptionHandler((started, problem) -> true);
        informer.run();
        informers.add(informer);
    }

    synchronized void expectSetBack() {
        history.expectSetBack();
    }

    private synchronized void manifest(ConfigMap map) {
        try {
            String json = map.getData().getOrDefault("manifest.json", "{}");
            JsonNode manifest = Json.MAPPER.readTree(json);
            history.manifest(manifest);
            switchOvers.claimed(manifest.path("epoch").asLong(), System.currentTimeMillis());
        } catch (JsonProcessingException e) {
            // Somebody garbled it; the leader writes it again.
        }
    }

    private synchronized void lease(Lease lease) {
        String holder = lease.getSpec() == null ? null : lease.getSpec().getHolderIdentity();
        String epoch = lease.getMetadata().getAnnotations().get("flinkha.io/epoch");
        standby = lease.getMetadata().getAnnotations().getOrDefault(STANDBY, "");
        if (epoch == null) {
            return;
        }
        long number = Long.parseLong(epoch);
        switchOvers.lease(number, holder, System.currentTimeMillis());
        if (holder != null && !holder.isEmpty()) {
            history.holder(number, holder);
        }
    }

    private synchronized void pod(Pod pod) {
        // The agent's log tells of no gate; it is kept for who asks why.
        for (String name : List.of("jobmanager", ClusterPods.AGENT)) {
            ContainerStatus status = ClusterPods.container(pod, name);
            if (status == null) {
                continue;
            }
            if (status.getState().getRunning() != null && status.getContainerID() != null) {
                process(pod, name, status.getContainerID());
            }
            noteEnd(pod, name, status.getLastState().getTerminated());
            noteEnd(pod, name, status.getState().getTerminated());
        }
    }

    private void noteEnd(Pod pod, String name, @Nullable ContainerStateTerminated end) {
        if (end != null && end.getContainerID() != null && end.getFinishedAt() != null) {
            if (name.equals(ClusterPods.AGENT) && "OOMKilled".equals(end.getReason())) {
                history.agentOutOfMemory(end.getContainerID());
            }
            // Whole seconds, cut off: it was gone by the end of that second.
            process(pod, name, end.getContainerID())
                    .goneBy(Instant.parse(end.getFinishedAt()).toEpochMilli() + 999);
        }
    }

    private ContainerProcess process(Pod pod, String name, String containerId) {
        return processes.computeIfAbsent(
                containerId,
                id -> new ContainerProcess(client, pod.getMetadata(), name, id, directory));
    }

    /** Who has the Lease, {@code <pod name>/<pod UID>}; empty while nobody has. */
    synchronized String holder() {
        return switchOvers.holder();
    }

    /** Who can take over, as the leader says, named likewise; or empty. */
    synchronized String standby() {
        return standby;
    }

    /** How the leadership came to an epoch, as far as it was seen. */
    synchronized SwitchOvers.Times timesOf(long epoch) {
        long gone =
                processes.values().stream()
                        .flatMap(process -> process.gates().stream())
                        .filter(gate -> gate.epoch() == epoch - 1)
                        .mapToLong(GateSpan::closedAt)
                        .min()
                        .orElse(GateSpan.NEVER);
        return switchOvers.timesOf(epoch, gone);
    }

    /** What no watch tells: processes that end out of Kubernetes' sight, logs that were cut off. */
    private void look() {
        try {
            while (!ended.await(1, TimeUnit.SECONDS)) {
                List<ContainerProcess> all;
                synchronized (this) {
                    all = List.copyOf(processes.values());
                }
                all.forEach(process -> process.look(cluster));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** While the pods are still there. */
    LeadershipHistory end() {
        ended.countDown();
        informers.forEach(SharedIndexInformer::close);
        synchronized (this) {
            for (ContainerProcess process : processes.values()) {
                process.close();
                process.gates().forEach(history::gate);
            }
            return history;
        }
    }
}
