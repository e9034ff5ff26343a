package io.flinkha.agent.adapter.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.flinkha.agent.adapter.kubernetes.ApiServer.Kind;
import io.flinkha.agent.adapter.kubernetes.KubernetesEventRecorder.ObjectId;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.port.EventRecorder;
import io.flinkha.agent.port.LeaderAddressStore;
import io.flinkha.agent.port.Pods;
import io.flinkha.agent.port.Result;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one cluster-id has in the API server, for its agent and for what a person does with it. */
public final class KubernetesObjects implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final ApiServer server;
    private final String namespace;
    private final String clusterId;

    public KubernetesObjects(ApiServer server, String namespace, String clusterId) {
        this.server = server;
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
        ApiServer server = ApiServer.of(config);
        return new KubernetesObjects(
                server, namespace == null ? server.namespace() : namespace, clusterId);
    }

    public String namespace() {
        return namespace;
    }

    public String clusterId() {
        return clusterId;
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
        return new KubernetesLeaseStore(server, namespace, clusterId);
    }

    public LeaderAddressStore leaderAddresses() {
        return new KubernetesLeaderAddressStore(server, namespace, clusterId);
    }

    public KubernetesManifestStore manifests() {
        return new KubernetesManifestStore(server, namespace, clusterId);
    }

    public KubernetesJobController job(String name) {
        return new KubernetesJobController(server, namespace, name);
    }

    public Pods pods() {
        return new KubernetesPods(server, namespace);
    }

    /**
     * Records Events about the Job, or about the pod where there is none.
     *
     * @param job its name; empty outside of one
     */
    public EventRecorder events(String pod, String podUid, String job, String jobUid) {
        return new KubernetesEventRecorder(
                server,
                namespace,
                new ObjectId(pod, podUid),
                job.isEmpty() ? null : new ObjectId(job, jobUid));
    }

    /** The Job of this UID by its name; empty if there is none any more. */
    public Result<Optional<String>> jobName(String uid) {
        return ApiCall.of(() ->
                server.resources(Kind.JOB, namespace)
                        .list()
                        .filter(job -> job.uid().equals(uid))
                        .map(ApiObject::name)
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
                leaseObjects(),
                leaseName(),
                new JsonObject().put("resourceVersion", version).put("annotations", annotations));
    }

    private static @Nullable String text(String value) {
        return value.isEmpty() ? null : value;
    }

    private static @Nullable String number(long value) {
        return value == 0 ? null : Long.toString(value);
    }

    /** Null takes an annotation away. */
    private static Result<Boolean> annotate(
            ApiServer.Resources resources, String name, JsonObject metadata) {
        return ApiCall.of(() -> {
            resources.merge(name, new JsonObject().put("metadata", metadata));
            return true;
        });
    }

    /** Deletes the Lease if it still is of {@code version}; anything else is a conflict. */
    public Result<Boolean> deleteLease(String version) {
        return ApiCall.of(() -> leaseObjects().delete(leaseName(), version));
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
                configMaps()
                        .get(leaderName())
                        .map(found ->
                                found.annotation(KubernetesLeaderAddressStore.STOCK_LOCK) != null));
    }

    /** Leaves the leader ConfigMap to stock Flink: no epoch of ours stands in it any more. */
    public Result<Boolean> leaveLeader() {
        return annotate(
                configMaps(),
                leaderName(),
                new JsonObject()
                        .put("annotations", new JsonObject().putNull(KubernetesLeaseStore.EPOCH)));
    }

    private Result<Boolean> delete(String name) {
        return ApiCall.of(() -> configMaps().delete(name, null));
    }

    private ApiServer.Resources configMaps() {
        return server.resources(Kind.CONFIG_MAP, namespace);
    }

    private ApiServer.Resources leaseObjects() {
        return server.resources(Kind.LEASE, namespace);
    }

    @Override
    public void close() {
        server.close();
    }
}
