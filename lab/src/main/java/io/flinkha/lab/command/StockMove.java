package io.flinkha.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.api.ApiClient;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.cluster.Pod;
import io.flinkha.lab.measure.FileCensus;
import io.flinkha.lab.report.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** From Flink's own Kubernetes HA to ours and back, with the same cluster-id and TaskManager. */
final class StockMove {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private StockMove() {}

    static List<Trial> trials() {
        return List.of(
                new Trial("stock: its JobManager leads", StockMove::stockLeads),
                new Trial("stock: coming from it, and going back", StockMove::thereAndBack));
    }

    /** The default lease makes it wait a minute until a lock that stands still is a dead one. */
    private static ClusterSpec ours(Bench bench, String id) {
        return Trial.spec(bench, id)
                .withAgent("FLINK_HA_LEASE_DURATION", "15s")
                .withAgent("FLINK_HA_LEASE_RENEW_DEADLINE", "10s")
                .withAgent("FLINK_HA_LEASE_RETRY_PERIOD", "2s");
    }

    private static void stockLeads(Bench bench, String id, Row row) {
        ClusterSpec ours = ours(bench, id);
        try (Cluster cluster = bench.start(id, ours.withKind(Kind.STOCK))) {
            Stage.awaitSteady(cluster);
            Console.event("--- ours beside it");
            Pod second = cluster.addPod(ours);
            Start refused = Start.awaitHalt(second, 0);
            Stage.awaitCheckpoints(cluster.pod(), 2, LIMIT);
            row.figure("started", refused.kind())
                    .claim("it is refused", refused.kind().equals("HALT 78"))
                    .claim("it never led", Stage.manifest(cluster).path("epoch").asLong() == 0)
                    .claim("the stock job runs on", cluster.pod().rest().job().allRunning());
            second.end();
            Stage.finish(cluster, cluster.pod());
            row.sentence(refused.sentence());
        }
    }

    private static void thereAndBack(Bench bench, String id, Row row) {
        ClusterSpec ours = ours(bench, id);
        ClusterSpec stock = ours.withKind(Kind.STOCK);
        try (Cluster cluster = bench.start(id, stock)) {
            Stage.awaitSteady(cluster);
            Console.event("--- its JobManager's pod is deleted, ours comes");
            Start refused = Start.awaitHalt(cluster.replaceJob(ours), 0);
            row.figure("unnamed", refused.kind())
                    .claim("nothing starts empty", refused.kind().equals("HALT 78"));
            String left = newestCheckpoint(cluster);
            Start start =
                    Start.await(
                            cluster.replaceJob(ours.withAgent("FLINK_HA_RESTORE_PATH", left)), 0);
            row.figure("started", start.kind())
                    .figure("restoredFrom", start.restoredFrom())
                    .claim("it goes on from stock's checkpoint", start.restored().equals(left));
            Stage.awaitCheckpoints(cluster.pod(), 2, LIMIT);
            Console.event("--- back to stock");
            String savepoint = LastRun.stop(cluster);
            Stage.awaitOver(cluster.pod());
            String told = Stage.manifest(cluster).path("result").path("savepoint").asText();
            deleteStockHa(bench.api(), id);
            Pod back = cluster.replaceJob(stock.withEntryPoint("--fromSavepoint", savepoint));
            Await.until("the stock job RUNNING", LIMIT, () -> back.rest().job().allRunning());
            row.claim(
                    "stock goes on from our savepoint",
                    told.equals(savepoint)
                            && Start.text(back.jobManager().current().log())
                                    .contains("located at " + savepoint));
            row.claim(
                    "every record is committed exactly once",
                    Trial.finish(cluster, row).exactlyOnce());
            row.sentence(refused.sentence());
        }
    }

    /**
     * The leader ConfigMap, which stock has to create itself to lead, and what stock stored when it
     * was deleted: it would start from that, whatever its entry point is told.
     */
    private static void deleteStockHa(ApiClient api, String id) {
        String all = "/api/v1/namespaces/default/configmaps";
        for (JsonNode one : api.object(all).path("items")) {
            JsonNode labels = one.path("metadata").path("labels");
            if (labels.path("app").asText().equals(id)
                    && labels.path("type").asText().equals("flink-native-kubernetes")) {
                api.delete(all + "/" + one.path("metadata").path("name").asText());
            }
        }
    }

    /** What a person finds: the highest number that has metadata. */
    private static String newestCheckpoint(Cluster cluster) {
        return FileCensus.below(cluster.lab().checkpoints()).stream()
                .map(Path::of)
                .filter(file -> file.endsWith("_metadata"))
                .map(Path::getParent)
                .max(
                        Comparator.comparingInt(directory ->
                                Integer.parseInt(directory.getFileName().toString().substring(4))))
                .map(directory -> directory.toUri().toString().replace("file:///", "file:/"))
                .map(uri -> uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri)
                .orElseThrow(() -> new IllegalStateException("No checkpoint"));
    }
}
