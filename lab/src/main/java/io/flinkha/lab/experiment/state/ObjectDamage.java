package io.flinkha.lab.experiment.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkha.lab.api.ApiClient;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.experiment.state.LastRun.End;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.StartOutcome;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Row;
import java.util.List;

/** Somebody's hand in the objects of the Kubernetes API, while no agent runs. */
final class ObjectDamage {
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps/";
    private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases/";

    private ObjectDamage() {}

    private interface Hand {
        void on(ApiClient api, String id);
    }

    static List<Trial> trials() {
        return List.of(
                trial("manifest garbled", ObjectDamage::garble, ObjectDamage::putBack),
                trial("manifest deleted", ObjectDamage::delete, ObjectDamage::fromStorage),
                trial(
                        "manifest, leader ConfigMap and Lease deleted",
                        ObjectDamage::deleteAll,
                        ObjectDamage::fromStorage));
    }

    private interface WayOut {
        void take(LocalApplication application, String manifest);
    }

    private static Trial trial(String what, Hand hand, WayOut wayOut) {
        return new Trial("damage: " + what, (bench, id, row) -> run(bench, id, row, hand, wayOut));
    }

    private static void run(Workbench bench, String id, Row row, Hand hand, WayOut wayOut) {
        ApplicationSpec spec = Trial.spec(bench, id);
        try (LocalApplication application = bench.start(id, spec)) {
            LastRun last = LastRun.of(application, End.CRASH);
            application.pod().end();
            String manifest = text(bench.api().object(path(id)));
            Console.event("--- damage");
            hand.on(bench.api(), id);
            StartOutcome refused = StartOutcome.awaitHalt(application.replacePod(spec), 0);
            row.figure("first", refused.kind())
                    .claim("it is refused", refused.kind().equals("HALT 78"))
                    .claim("main() did not run", application.mainRuns() == last.mainRuns())
                    .sentence(refused.sentence());
            Console.event("--- the way out");
            wayOut.take(application, manifest);
            StateDamage.goesOn(application, row, "RESUME", last.checkpoint());
        }
    }

    private static String path(String id) {
        return CONFIG_MAPS + id + "-flink-ha";
    }

    private static String text(JsonNode configMap) {
        return configMap.path("data").path("manifest.json").asText();
    }

    private static void garble(ApiClient api, String id) {
        put(api, id, "{ \"version\": 1, \"epoch\":");
    }

    private static void put(ApiClient api, String id, String manifest) {
        JsonNode configMap = api.object(path(id));
        ((ObjectNode) configMap.path("data")).put("manifest.json", manifest);
        api.write("PUT", path(id), configMap);
    }

    private static void delete(ApiClient api, String id) {
        api.delete(path(id));
    }

    private static void deleteAll(ApiClient api, String id) {
        delete(api, id);
        api.delete(CONFIG_MAPS + id + "-cluster-config-map");
        api.delete(LEASES + id);
    }

    private static void putBack(LocalApplication application, String manifest) {
        put(application.bench().api(), application.spec().clusterId(), manifest);
    }

    /** The command is refused while an agent holds the Lease. */
    private static void fromStorage(LocalApplication application, String manifest) {
        application.pod().end();
        Console.event(application.pod().command("restore-from-storage", "--yes").strip());
        application.replacePod(application.spec());
    }
}
