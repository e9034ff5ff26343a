package io.flinkha.agent.adapter.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.flinkha.agent.core.lease.StockHa;
import io.flinkha.agent.port.LeaderAddressStore;
import io.flinkha.agent.port.Result;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The leader ConfigMap in Flink's own format. It is written by PUT with resourceVersion only: a
 * late write of an old epoch must not land on a newer one (R13). It is never deleted or cleared
 * here, because a TaskManager that reads "no leader" fails its tasks at once.
 */
public final class KubernetesLeaderAddressStore implements LeaderAddressStore {
    private static final String PREFIX = "org.apache.flink.k8s.leader.";

    /** Where a JobManager with Flink's own Kubernetes HA renews its leadership. */
    static final String STOCK_LOCK = "control-plane.alpha.kubernetes.io/leader";

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final String clusterId;
    private volatile @Nullable ConfigMap last;

    public KubernetesLeaderAddressStore(
            KubernetesClient client, String namespace, String clusterId) {
        this.client = client;
        this.namespace = namespace;
        this.clusterId = clusterId;
        this.name = ObjectNames.leader(clusterId);
    }

    @Override
    public Result<Witness> witness() {
        return ApiCall.of(() -> {
            ConfigMap found = read();
            return found == null ? new Witness(0, StockHa.NONE) : witness(found);
        });
    }

    private static Witness witness(ConfigMap found) {
        long epoch = epochOf(found);
        Map<String, String> data = found.getData();
        boolean addresses =
                data != null && data.keySet().stream().anyMatch(key -> key.startsWith(PREFIX));
        return new Witness(
                epoch,
                new StockHa(
                        annotations(found).getOrDefault(STOCK_LOCK, ""), addresses && epoch == 0));
    }

    @Override
    public Result<Long> publish(
            long epoch, UUID session, Map<String, String> addresses, @Nullable String keep) {
        Result<Long> result =
                ApiCall.of(() -> {
                    ConfigMap known = last == null ? read() : last;
                    if (known != null && epochOf(known) > epoch) {
                        return epochOf(known);
                    }
                    ConfigMap next = next(known, epoch, session, addresses, keep);
                    Resource<ConfigMap> resource =
                            client.configMaps().inNamespace(namespace).resource(next);
                    last = known == null ? resource.create() : resource.update();
                    return epoch;
                });
        if (result instanceof Result.Failed) {
            // Whatever is there now must be read before the next attempt.
            last = null;
        }
        return result;
    }

    private @Nullable ConfigMap read() {
        last = client.configMaps().inNamespace(namespace).withName(name).get();
        return last;
    }

    private ConfigMap next(
            @Nullable ConfigMap known,
            long epoch,
            UUID session,
            Map<String, String> addresses,
            @Nullable String keep) {
        Map<String, String> before =
                known == null || known.getData() == null ? Map.of() : known.getData();
        Map<String, String> data = new LinkedHashMap<>();
        before.forEach((key, value) -> {
            if (!key.startsWith(PREFIX) || key.equals(PREFIX + keep)) {
                data.put(key, value);
            }
        });
        addresses.forEach(
                (component, address) -> data.put(PREFIX + component, session + "," + address));
        ConfigMapBuilder builder =
                known == null ? new ConfigMapBuilder() : new ConfigMapBuilder(known);
        return builder.editOrNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .addToLabels("app", clusterId)
                .addToLabels("type", "flink-native-kubernetes")
                .addToLabels("configmap-type", "high-availability")
                .addToAnnotations(KubernetesLeaseStore.EPOCH, Long.toString(epoch))
                // Whoever held it is dead; left there, each later pod would watch it for a while.
                .removeFromAnnotations(STOCK_LOCK)
                .endMetadata()
                .withData(data)
                .build();
    }

    private static long epochOf(ConfigMap map) {
        return KubernetesLeaseStore.number(annotations(map).get(KubernetesLeaseStore.EPOCH));
    }

    private static Map<String, String> annotations(ConfigMap map) {
        return Optional.ofNullable(map.getMetadata().getAnnotations()).orElse(Map.of());
    }
}
