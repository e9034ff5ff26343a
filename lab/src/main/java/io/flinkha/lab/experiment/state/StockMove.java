package io.flinkha.lab.experiment.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.api.ApiClient;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.LocalPod;
import io.flinkha.lab.local.StartOutcome;
import io.flinkha.lab.local.Workbench;
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
    private static ApplicationSpec ours(Workbench bench, String id) {
        return Trial.spec(bench, id)
                .withAgent("FLINK_HA_LEASE_DURATION", "15s")
                .withAgent("FLINK_HA_LEASE_RENEW_DEADLINE", "10s")
                .withAgent("FLINK_HA_LEASE_RETRY_PERIOD", "2s");
    }

    private static void stockLeads(Workbench bench, String id, Row row) {
        ApplicationSpec ours = ours(bench, id);
        try (LocalApplication application = bench.start(id, ours.withSide(Side.STOCK))) {
            application.awaitSteady();
            Console.event("--- ours beside it");
            LocalPod second = application.addPod(ours);
            StartOutcome refused = StartOutcome.awaitHalt(second, 0);
            application.awaitCheckpoints(2, LIMIT);
            row.figure("started", refused.kind())
                    .claim("it is refused", refused.kind().equals("HALT 78"))
                    .claim("it never led", application.manifest().path("epoch").asLong() == 0)
                    .claim("the stock job runs on", application.rest().job().allRunning());
            second.end();
            application.finish();
            row.sentence(refused.sentence());
        }
    }

    private static void thereAndBack(Workbench bench, String id, Row row) {
        ApplicationSpec ours = ours(bench, id);
        ApplicationSpec stock = ours.withSide(Side.STOCK);
        try (LocalApplication application = bench.start(id, stock)) {
            application.awaitSteady();
            Console.event("--- its JobManager's pod is deleted, ours comes");
            StartOutcome refused = StartOutcome.awaitHalt(application.replaceJob(ours), 0);
            row.figure("unnamed", refused.kind())
                    .claim("nothing starts empty", refused.kind().equals("HALT 78"));
            String left = newestCheckpoint(application);
            StartOutcome start =
                    StartOutcome.await(
                            application.replaceJob(ours.withAgent("FLINK_HA_RESTORE_PATH", left)),
                            0);
            row.figure("started", start.kind())
                    .figure("restoredFrom", start.restoredFrom())
                    .claim("it goes on from stock's checkpoint", start.restored().equals(left));
            application.awaitCheckpoints(2, LIMIT);
            Console.event("--- back to stock");
            String savepoint = application.stopWithSavepoint(LIMIT);
            application.awaitOver();
            String told = application.manifest().path("result").path("savepoint").asText();
            deleteStockHa(bench.api(), id);
            LocalPod back =
                    application.replaceJob(stock.withEntryPoint("--fromSavepoint", savepoint));
            Await.until("the stock job RUNNING", LIMIT, () -> back.rest().job().allRunning());
            row.claim(
                    "stock goes on from our savepoint",
                    told.equals(savepoint)
                            && Directories.text(back.jobManager().current().log())
                                    .contains("located at " + savepoint));
            Trial.finishExactlyOnce(application, row);
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
    private static String newestCheckpoint(LocalApplication application) {
        return FileCensus.below(application.directory().checkpoints()).stream()
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
