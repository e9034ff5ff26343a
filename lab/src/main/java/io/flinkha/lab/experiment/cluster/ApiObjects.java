package io.flinkha.lab.experiment.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Somebody deletes or changes what the agent keeps in the API. */
final class ApiObjects {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String LEADER_CONFIG_MAP =
            ClusterApplication.CLUSTER_ID + "-cluster-config-map";
    private static final String MANIFEST = ClusterApplication.CLUSTER_ID + "-flink-ha";

    private ApiObjects() {}

    static void tampered(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "objects")) {
            application.awaitSteady();
            Row deleted = rows.row("lease-deleted");
            undisturbed(
                    application,
                    deleted,
                    "the Lease is deleted",
                    () -> application.lease().delete(),
                    () -> holder(application).startsWith("jobmanager-"));
            Row cleared = rows.row("lease-cleared");
            undisturbed(
                    application,
                    cleared,
                    "the Lease is cleared",
                    () ->
                            application
                                    .lease()
                                    .edit(lease -> {
                                        lease.getSpec().setHolderIdentity(null);
                                        return lease;
                                    }),
                    () -> holder(application).startsWith("jobmanager-"));
            Row published = rows.row("leader-configmap-deleted");
            undisturbed(
                    application,
                    published,
                    "the leader ConfigMap is deleted",
                    () -> application.configMapResource(LEADER_CONFIG_MAP).delete(),
                    () -> application.configMap(LEADER_CONFIG_MAP) != null);
        }
    }

    private static String holder(ClusterApplication application) {
        Lease lease = application.lease().get();
        String holder =
                lease == null || lease.getSpec() == null
                        ? null
                        : lease.getSpec().getHolderIdentity();
        return holder == null ? "" : holder;
    }

    private static void undisturbed(
            ClusterApplication application,
            Row row,
            String what,
            Runnable fault,
            BooleanSupplier mended) {
        BeforeFault before = BeforeFault.of(application);
        Console.event("--- " + what);
        long at = System.currentTimeMillis();
        fault.run();
        Await.until(what + ": it is there again", LIMIT, mended);
        row.figure("backMillis", System.currentTimeMillis() - at);
        Aftermath.of(application, before, at).awaitUndisturbed(row);
    }

    /** While the leader lives its memory is the truth; a successor refuses what it cannot read. */
    static void manifestGarbled(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "manifest")) {
            application.awaitSteady();
            Row row = rows.row("manifest-garbled");
            undisturbed(
                    application,
                    row,
                    "the manifest is garbled",
                    () -> garble(application),
                    () -> readable(application));
            long pointer = application.pointer();
            row.figure("newestCheckpoint", pointer)
                    .claim(
                            "the pointer is there again",
                            pointer > 0 && application.mainRuns() == 1);
        }
    }

    private static void garble(ClusterApplication application) {
        application
                .configMapResource(MANIFEST)
                .edit(map -> {
                    map.getData().put("manifest.json", "{\"version\": oops");
                    return map;
                });
    }

    private static boolean readable(ClusterApplication application) {
        ConfigMap map = application.configMap(MANIFEST);
        String json = map == null ? null : map.getData().get("manifest.json");
        return json != null && !json.contains("oops");
    }
}
