package io.flinkha.agent.adapter.kubernetes;

import io.flinkha.agent.adapter.kubernetes.ApiServer.Kind;
import io.flinkha.agent.core.lease.StockHa;
import io.flinkha.agent.port.LeaderAddressStore;
import io.flinkha.agent.port.Result;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The leader ConfigMap in Flink's own format. It is written by PUT with resourceVersion only: a
 * late write of an old epoch must not land on a newer one (R13). It is never deleted or cleared
 * here, because a TaskManager that reads "no leader" fails its tasks at once.
 */
public final class KubernetesLeaderAddressStore implements LeaderAddressStore {
    private static final String DATA = "data";
    private static final Pattern ENTRY =
            Pattern.compile("(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}),(.+)");

    private static final String PREFIX = "org.apache.flink.k8s.leader.";

    /** Where a JobManager with Flink's own Kubernetes HA renews its leadership. */
    static final String STOCK_LOCK = "control-plane.alpha.kubernetes.io/leader";

    private final ApiServer.Resources configMaps;
    private final String name;
    private final String clusterId;
    private volatile @Nullable ApiObject last;

    public KubernetesLeaderAddressStore(ApiServer server, String namespace, String clusterId) {
        this.configMaps = server.resources(Kind.CONFIG_MAP, namespace);
        this.clusterId = clusterId;
        this.name = ObjectNames.leader(clusterId);
    }

    @Override
    public Result<Witness> witness() {
        return ApiCall.of(() -> {
            ApiObject found = read();
            return found == null ? new Witness(0, StockHa.NONE) : witness(found);
        });
    }

    @Override
    public Result<Leader> leader() {
        return ApiCall.of(() ->
                configMaps
                        .get(name)
                        .map(found -> leader(found.part(DATA)))
                        .orElse(new Leader(Map.of(), null)));
    }

    /** An entry that somebody has broken is left out. */
    private static Leader leader(JsonObject data) {
        Map<String, String> addresses = new HashMap<>();
        UUID session = null;
        for (String key : data.fieldNames()) {
            Matcher entry = ENTRY.matcher(Objects.requireNonNullElse(data.getString(key), ""));
            if (key.startsWith(PREFIX) && entry.matches()) {
                session = UUID.fromString(entry.group(1));
                addresses.put(key.substring(PREFIX.length()), entry.group(2));
            }
        }
        return new Leader(addresses, session);
    }

    private static Witness witness(ApiObject found) {
        long epoch = epochOf(found);
        boolean addresses =
                found.part(DATA).fieldNames().stream().anyMatch(key -> key.startsWith(PREFIX));
        return new Witness(
                epoch,
                new StockHa(
                        Objects.requireNonNullElse(found.annotation(STOCK_LOCK), ""),
                        addresses && epoch == 0));
    }

    @Override
    public Result<Long> publish(
            long epoch, UUID session, Map<String, String> addresses, @Nullable String keep) {
        Result<Long> result =
                ApiCall.of(() -> {
                    ApiObject known = last == null ? read() : last;
                    if (known != null && epochOf(known) > epoch) {
                        return epochOf(known);
                    }
                    ApiObject next = next(known, epoch, session, addresses, keep);
                    last = known == null ? configMaps.create(next) : configMaps.replace(next);
                    return epoch;
                });
        if (result instanceof Result.Failed) {
            // Whatever is there now must be read before the next attempt.
            last = null;
        }
        return result;
    }

    private @Nullable ApiObject read() {
        last = configMaps.get(name).orElse(null);
        return last;
    }

    private ApiObject next(
            @Nullable ApiObject known,
            long epoch,
            UUID session,
            Map<String, String> addresses,
            @Nullable String keep) {
        ApiObject next = known == null ? ApiObject.named(name) : known.copy();
        JsonObject data = next.edit(DATA);
        data.fieldNames().removeIf(key -> key.startsWith(PREFIX) && !key.equals(PREFIX + keep));
        addresses.forEach(
                (component, address) -> data.put(PREFIX + component, session + "," + address));
        return next.label("app", clusterId)
                .label("type", "flink-native-kubernetes")
                .label("configmap-type", "high-availability")
                .annotate(KubernetesLeaseStore.EPOCH, Long.toString(epoch))
                // Whoever held it is dead; left there, each later pod would watch it for a while.
                .annotate(STOCK_LOCK, null);
    }

    private static long epochOf(ApiObject map) {
        return KubernetesLeaseStore.number(map.annotation(KubernetesLeaseStore.EPOCH));
    }
}
