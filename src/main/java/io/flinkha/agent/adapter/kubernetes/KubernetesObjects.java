package io.flinkha.agent.adapter.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.flinkha.agent.adapter.kubernetes.KubernetesEventRecorder.ObjectId;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.port.EventRecorder;
import io.flinkha.agent.port.LeaderAddressStore;
import io.flinkha.agent.port.Pods;
import io.flinkha.agent.port.Result;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one cluster-id has in the API server, for its agent and for what a person does with it. */
public final class KubernetesObjects implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final KubernetesClient client;
    private final String namespace;
    private final String clusterId;

    public KubernetesObjects(KubernetesClient client, String namespace, String clusterId) {
        this.client = client;
        this.namespace = namespace;
        this.clusterId = clusterId;
    }

    /**
     * With the rights of whoever runs this: KUBECONFIG, or the pod's service account.
     *
     * @param namespace null for that of the kubeconfig or service account
     */
    public static KubernetesObjects connect(@Nullable String namespace, String clusterId) {
        Config config =
                new ConfigBuilder(Config.autoConfigure(null))
                        .withRequestRetryBackoffLimit(0)
                        .withRequestTimeout(TIMEOUT_MILLIS)
                        .withConnectionTimeout(TIMEOUT_MILLIS)
                        .build();
        KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
        String own = Optional.ofNullable(client.getNamespace()).orElse("default");
        return new KubernetesObjects(client, namespace == null ? own : namespace, clusterId);
    }

    public String namespace() {
        return namespace;
    }

    public String leaseName() {
        return ObjectNames.lease(clusterId);
    }

    public String manifestName() {
        return ObjectNames.manifest(clusterId);
    }

    public String leaderName() {
        return ObjectNames.leader(clusterId);
    }

    public KubernetesLeaseStore leases() {
        return new KubernetesLeaseStore(client, namespace, clusterId);
    }

    public LeaderAddressStore leaderAddresses() {
        return new KubernetesLeaderAddressStore(client, namespace, clusterId);
    }

    public KubernetesManifestStore manifests() {
        return new KubernetesManifestStore(client, namespace, clusterId);
    }

    public KubernetesJobController job(String name) {
        return new KubernetesJobController(client, namespace, name);
    }

    public Pods pods(String jobManagerContainer) {
        return new KubernetesPods(client, namespace, jobManagerContainer);
    }

    /**
     * Records Events about the Job, or about the pod where there is none.
     *
     * @param job its name; empty outside of one
     */
    public EventRecorder events(String pod, String podUid, String job, String jobUid) {
        return new KubernetesEventRecorder(
                client,
                namespace,
                new ObjectId(pod, podUid),
                job.isEmpty() ? null : new ObjectId(job, jobUid));
    }

    /** The Job of this UID by its name; empty if there is none any more. */
    public Result<Optional<String>> jobName(String uid) {
        return ApiCall.of(() ->
                client
                        .genericKubernetesResources(KubernetesJobController.JOBS)
                        .inNamespace(namespace)
                        .list()
                        .getItems()
                        .stream()
                        .filter(job -> job.getMetadata().getUid().equals(uid))
                        .map(job -> job.getMetadata().getName())
                        .findFirst());
    }

    /**
     * Writes the manifest's text as it is.
     *
     * @param version of the one to replace; null creates it
     */
    public Result<String> writeManifest(String json, @Nullable String version) {
        return manifests().writeText(json, version);
    }

    /**
     * Writes on the Lease what people want of the agents, in place of what it said of it before.
     *
     * @param version of the Lease that this was decided on; another one is a conflict
     */
    public Result<Boolean> wish(Wishes wishes, String version) {
        JsonObject annotations =
                new JsonObject()
                        .put(KubernetesLeaseStore.PAUSED, text(wishes.paused()))
                        .put(KubernetesLeaseStore.STEP_DOWN, number(wishes.stepDown()))
                        .put(KubernetesLeaseStore.RESTORE_FROM, text(wishes.restoreFrom()))
                        .put(KubernetesLeaseStore.RESTORE_AFTER, number(wishes.restoreAfter()));
        return annotate(
                client.leases().inNamespace(namespace).withName(leaseName()),
                new JsonObject().put("resourceVersion", version).put("annotations", annotations));
    }

    private static @Nullable String text(String value) {
        return value.isEmpty() ? null : value;
    }

    private static @Nullable String number(long value) {
        return value == 0 ? null : Long.toString(value);
    }

    /** Null takes an annotation away. */
    private static Result<Boolean> annotate(Resource<?> resource, JsonObject metadata) {
        String patch = new JsonObject().put("metadata", metadata).encode();
        return ApiCall.of(() -> {
            resource.patch(PatchContext.of(PatchType.JSON_MERGE), patch);
            return true;
        });
    }

    /** Deletes the Lease if it still is of {@code version}; anything else is a conflict. */
    public Result<Boolean> deleteLease(String version) {
        return ApiCall.of(() ->
                !client.leases()
                        .inNamespace(namespace)
                        .withName(leaseName())
                        .lockResourceVersion(version)
                        .delete()
                        .isEmpty());
    }

    /** Returns whether there was one. */
    public Result<Boolean> deleteManifest() {
        return delete(manifestName());
    }

    /** Returns whether there was one. */
    public Result<Boolean> deleteLeader() {
        return delete(leaderName());
    }

    /** Whether stock Flink has taken the leader ConfigMap over; empty if there is none. */
    public Result<Optional<Boolean>> leaderIsStock() {
        return ApiCall.of(() ->
                Optional.ofNullable(configMap(leaderName()))
                        .map(found ->
                                Optional.ofNullable(found.getMetadata().getAnnotations())
                                        .orElse(Map.of())
                                        .containsKey(KubernetesLeaderAddressStore.STOCK_LOCK)));
    }

    /** Leaves the leader ConfigMap to stock Flink: no epoch of ours stands in it any more. */
    public Result<Boolean> leaveLeader() {
        return annotate(
                client.configMaps().inNamespace(namespace).withName(leaderName()),
                new JsonObject()
                        .put("annotations", new JsonObject().putNull(KubernetesLeaseStore.EPOCH)));
    }

    private @Nullable ConfigMap configMap(String name) {
        return client.configMaps().inNamespace(namespace).withName(name).get();
    }

    private Result<Boolean> delete(String name) {
        return ApiCall.of(() ->
                !client.configMaps().inNamespace(namespace).withName(name).delete().isEmpty());
    }

    @Override
    public void close() {
        client.close();
    }
}
