package io.flinkha.lab.experiment.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.measure.JobManagerRest.CheckpointView;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The storage as second witness, {@code deploy/components/failsafe}, and what it is for. */
public final class SecondWitness {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private SecondWitness() {}

    /** The job goes on, checkpoints and all, for as long as the API server is away. */
    static void apiServerAway(TestCluster cluster, Rows rows) {
        Duration outage = Duration.ofMinutes(10);
        try (ClusterApplication application =
                ClusterApplication.deployFailsafe(cluster, "failsafe-api-away", "")) {
            application.awaitSteady();
            Row row = rows.row("api-server-away-10-min");
            BeforeFault before = BeforeFault.of(application);
            Console.event("--- the API server stops");
            long from = System.currentTimeMillis();
            cluster.faults().stop("kube-apiserver");
            long newest;
            long age;
            try {
                Await.pass(outage);
                newest = newestCopy(application);
                age = System.currentTimeMillis() - newest;
            } finally {
                cluster.faults().start("kube-apiserver");
            }
            Await.until("the API server", LIMIT, () -> ControlPlane.answers(application));
            long backAt = System.currentTimeMillis();
            Await.until(
                    "all in the ConfigMap", LIMIT, () -> newestInManifest(application) >= newest);
            long caughtUp = System.currentTimeMillis() - backAt;
            CheckpointView after = application.rest().checkpoints();
            row.figure("awayMillis", backAt - from)
                    .figure(
                            "completedWhileAway",
                            after.completed() - before.checkpoints().completed())
                    .figure("newestCheckpointAgeMillis", age)
                    .figure("caughtUpMillis", caughtUp)
                    .claim("the newest is at most 5 s old", age <= 5_000)
                    .claim("all is in the ConfigMap within 10 s", caughtUp <= 10_000);
            Aftermath.of(application, before, from).awaitUndisturbed(row);
            Ends.finishExactlyOnce(application, row);
        }
    }

    private static long newestInManifest(ClusterApplication application) {
        JsonNode checkpoints = application.manifest().path("checkpoints");
        return checkpoints.path(checkpoints.size() - 1).path("completedAt").asLong();
    }

    /** When the checkpoint that the newest copy names was completed. */
    private static long newestCopy(ClusterApplication application) {
        try (Stream<Path> files = Files.walk(application.data().getParent())) {
            Path newest =
                    files.filter(file -> file.toString().contains("/manifests/"))
                            .max((a, b) -> a.getFileName().compareTo(b.getFileName()))
                            .orElseThrow();
            JsonNode checkpoints =
                    Json.read(Files.readString(newest).lines().findFirst().orElse("{}"))
                            .path("checkpoints");
            return checkpoints.path(checkpoints.size() - 1).path("completedAt").asLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * etcd comes back from a backup, and neither agent nor JobManager is left that knows more: the
     * manifest names checkpoints that are long gone.
     */
    static void etcdRestored(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deployFailsafe(cluster, "failsafe-etcd-restored", "")) {
            application.awaitSteady();
            Row row = rows.row("etcd-restored");
            whileStopped(cluster, cluster.faults()::backUpEtcd);
            Await.until("the API server", LIMIT, () -> ControlPlane.answers(application));
            long backedUp = System.currentTimeMillis();
            Console.event("--- etcd is backed up");
            Await.pass(Duration.ofMinutes(10));
            BeforeFault before = BeforeFault.of(application);
            long newest = newestInManifest(application);
            Console.event("--- etcd is put back, agent and JobManager are killed");
            long at = System.currentTimeMillis();
            // Where their processes are, the API server says.
            var unused = application.killAgent();
            unused = application.killJobManager();
            whileStopped(
                    cluster,
                    () -> {
                        application.expectSetBack();
                        cluster.faults().restoreEtcd();
                    });
            Await.until("the API server", LIMIT, () -> ControlPlane.answers(application));
            restartWhatWatches(cluster);
            application
                    .client()
                    .pods()
                    .inNamespace(application.namespace())
                    .withLabel("app.kubernetes.io/component", "taskmanager")
                    .withGracePeriod(0)
                    .delete();
            Aftermath.of(application, before, at).awaitFailover(row, LIMIT);
            row.figure("backupAgeMillis", at - backedUp)
                    .claim("nothing older than before", newestInManifest(application) >= newest)
                    .claim("an Event says so", tells(application, "ManifestHealed"));
            Ends.finishExactlyOnce(application, row);
        }
    }

    /**
     * Kubernetes' own documentation asks for it where etcd was restored: a watch waits for versions
     * that are yet to come. The TaskManagers' watch of their leader does as well.
     */
    private static void restartWhatWatches(TestCluster cluster) {
        List<String> components = new ArrayList<>();
        components.add("kube-controller-manager");
        components.add("kube-scheduler");
        cluster.nodes().forEach(node -> components.add(node + "-kubelet"));
        components.forEach(cluster.faults()::stop);
        try {
            Await.pass(Duration.ofSeconds(3));
        } finally {
            components.forEach(cluster.faults()::start);
        }
    }

    private static boolean tells(ClusterApplication application, String reason) {
        return application
                .client()
                .v1()
                .events()
                .inNamespace(application.namespace())
                .list()
                .getItems()
                .stream()
                .anyMatch(event -> reason.equals(event.getReason()));
    }

    private static void whileStopped(TestCluster cluster, Runnable act) {
        cluster.faults().stop("kube-apiserver");
        cluster.faults().stop("etcd");
        try {
            // Both have to be gone before anybody touches what they had open.
            Await.pass(Duration.ofSeconds(5));
            act.run();
        } finally {
            cluster.faults().start("etcd");
            cluster.faults().start("kube-apiserver");
        }
    }

    /** Power cut, with stock beside it. */
    public static void nodeLost(TestCluster cluster, Rows rows) {
        String apart = PodLosses.apart(cluster);
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, Side.STOCK, "failsafe-node-lost", apart)) {
            PodLosses.lose(application, rows.row("stock: node lost"), true, cluster);
        }
        try (ClusterApplication application =
                ClusterApplication.deployFailsafe(cluster, "failsafe-node-lost", apart)) {
            PodLosses.lose(application, rows.row("failsafe: node lost"), true, cluster);
        }
    }

    /** Its processes run on and reach the storage, but nobody else. */
    public static void networkCut(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deployFailsafe(
                        cluster, "failsafe-network-cut", PodLosses.apart(cluster))) {
            PodLosses.lose(application, rows.row("failsafe: network cut"), false, cluster);
        }
    }
}
