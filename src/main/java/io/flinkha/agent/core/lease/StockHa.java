package io.flinkha.agent.core.lease;

/**
 * What Flink's own Kubernetes HA left in the leader ConfigMap.
 *
 * @param lock the annotation that a stock JobManager renews while it leads, as it stands; empty if
 *     there is none
 * @param addresses whether leader addresses are there that no agent wrote
 */
public record StockHa(String lock, boolean addresses) {
    public static final StockHa NONE = new StockHa("", false);
}
