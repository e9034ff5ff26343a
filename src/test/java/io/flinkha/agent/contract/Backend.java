package io.flinkha.agent.contract;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.flinkha.agent.adapter.kubernetes.KubernetesLeaderAddressStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesLeaseStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesManifestStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.adapter.kubernetes.ObjectNames;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.port.LeaderAddressStore;
import io.flinkha.agent.port.LeaseStore;
import io.flinkha.agent.port.ManifestStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that the ports of the Kubernetes API run against: the fake, fabric8's CRUD mock, and
 * whatever cluster KUBECONFIG points to. Each call of a factory method is a fresh client of the
 * same, initially empty, objects.
 */
public abstract class Backend {
    private static @Nullable KubernetesClient mockClient;
    private static @Nullable KubernetesClient realClient;

    private final String name;

    Backend(String name) {
        this.name = name;
    }

    public abstract LeaseStore leases();

    public abstract ManifestStore manifests();

    public abstract LeaderAddressStore leaderAddresses();

    /** The leader ConfigMap's entries, keys without Flink's prefix. */
    public abstract Map<String, String> published();

    /** A person writes on the Lease, which is there. */
    public abstract void wish(Wishes wishes);

    /** A JobManager with Flink's own Kubernetes HA leads, and leaves its lock. */
    public abstract void leadByStock(String lock);

    @Override
    public String toString() {
        return name;
    }

    /** For {@code @MethodSource}: all that are at hand. */
    static List<Backend> all() {
        List<Backend> all = new ArrayList<>();
        all.add(new Fake());
        all.add(new Cluster("fabric8's CRUD mock", mock()));
        KubernetesClient real = real();
        if (real != null) {
            all.add(new Cluster("API server " + real.getMasterUrl(), real));
        }
        return all;
    }

    private static synchronized KubernetesClient mock() {
        if (mockClient == null) {
            mockClient = MockApi.start().createClient();
        }
        return mockClient;
    }

    private static synchronized @Nullable KubernetesClient real() {
        String kubeconfig = System.getenv("KUBECONFIG");
        if (realClient == null && kubeconfig != null && !kubeconfig.isBlank()) {
            Config config =
                    new ConfigBuilder(Config.autoConfigure(null))
                            .withRequestRetryBackoffLimit(0)
                            .build();
            realClient = new KubernetesClientBuilder().withConfig(config).build();
        }
        return realClient;
    }

    private static final class Fake extends Backend {
        private final FakeApi api = new FakeApi();

        Fake() {
            super("the fake");
        }

        @Override
        public LeaseStore leases() {
            return api.leases();
        }

        @Override
        public ManifestStore manifests() {
            return api.manifests();
        }

        @Override
        public LeaderAddressStore leaderAddresses() {
            return api.leaderAddresses();
        }

        @Override
        public Map<String, String> published() {
            return api.entries();
        }

        @Override
        public void wish(Wishes wishes) {
            api.wish(wishes);
        }

        @Override
        public void leadByStock(String lock) {
            api.leadByStock(lock);
        }
    }

    private static final class Cluster extends Backend {
        private static final String NAMESPACE = "default";

        private final KubernetesClient client;
        private final String clusterId = "contract-" + UUID.randomUUID().toString().substring(0, 8);

        Cluster(String name, KubernetesClient client) {
            super(name);
            this.client = client;
        }

        @Override
        public LeaseStore leases() {
            return new KubernetesLeaseStore(Connected.as(client), NAMESPACE, clusterId);
        }

        @Override
        public ManifestStore manifests() {
            return new KubernetesManifestStore(Connected.as(client), NAMESPACE, clusterId);
        }

        @Override
        public LeaderAddressStore leaderAddresses() {
            return new KubernetesLeaderAddressStore(Connected.as(client), NAMESPACE, clusterId);
        }

        @Override
        public Map<String, String> published() {
            ConfigMap map =
                    client.configMaps()
                            .inNamespace(NAMESPACE)
                            .withName(ObjectNames.leader(clusterId))
                            .get();
            Map<String, String> entries = new HashMap<>();
            if (map != null && map.getData() != null) {
                map.getData()
                        .forEach((key, value) ->
                                entries.put(
                                        key.replace("org.apache.flink.k8s.leader.", ""), value));
            }
            return entries;
        }

        @Override
        public void wish(Wishes wishes) {
            KubernetesObjects objects =
                    new KubernetesObjects(Connected.as(client), NAMESPACE, clusterId);
            String version =
                    LeaseStoreContractTest.ok(objects.leases().read()).orElseThrow().version();
            LeaseStoreContractTest.ok(objects.wish(wishes, version));
        }

        @Override
        public void leadByStock(String lock) {
            var unused =
                    client.configMaps()
                            .inNamespace(NAMESPACE)
                            .resource(
                                    new ConfigMapBuilder()
                                            .withNewMetadata()
                                            .withName(ObjectNames.leader(clusterId))
                                            .addToAnnotations(
                                                    "control-plane.alpha.kubernetes.io/leader",
                                                    lock)
                                            .endMetadata()
                                            .addToData(
                                                    "org.apache.flink.k8s.leader.dispatcher",
                                                    "8a7b,pekko.tcp://flink@10.0.0.9:6123")
                                            .build())
                            .create();
        }
    }
}
