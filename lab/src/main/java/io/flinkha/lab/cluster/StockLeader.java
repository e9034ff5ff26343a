package io.flinkha.lab.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stock Flink publishes its leader's addresses. */
final class StockLeader {
    private static final String REST = "org.apache.flink.k8s.leader.restserver";

    private StockLeader() {}

    /** By the address of its REST interface, {@code <session>,http://<pod IP>:8081}. */
    static Optional<Pod> among(List<Pod> pods, @Nullable ConfigMap published) {
        Map<String, String> data = published == null ? null : published.getData();
        String address = data == null ? "" : data.getOrDefault(REST, "");
        return pods.stream()
                .filter(pod -> address.contains("//" + pod.getStatus().getPodIP() + ":"))
                .findFirst();
    }
}
