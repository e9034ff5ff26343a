package io.flinkha.lab.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The two pods of an application: who leads, and who can take over. */
public final class Pair {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** Of a JobManager that tells nobody when it can take over. */
    private static final Duration CONTENDS = Duration.ofSeconds(15);

    /** One a second: for so long a JobManager waits before it reads ahead, and two more. */
    private static final int SETTLED = 12;

    private final ClusterApplication application;
    private final Standby standby;
    private final @Nullable LeadershipRecorder leadership;

    Pair(ClusterApplication application, Standby standby, @Nullable LeadershipRecorder leadership) {
        this.application = application;
        this.standby = standby;
        this.leadership = leadership;
    }

    /** Empty while nobody leads, and where there is but one at a time. */
    Optional<Pod> leaderAmong(List<Pod> all) {
        if (standby == Standby.NONE) {
            return Optional.empty();
        }
        return leadership != null
                ? named(all, leadership.holder())
                : StockLeader.among(
                        all,
                        application.configMap(
                                ClusterApplication.CLUSTER_ID + "-cluster-config-map"));
    }

    private static Optional<Pod> named(List<Pod> all, String identity) {
        return all.stream().filter(pod -> identity.equals(ClusterPods.identity(pod))).findFirst();
    }

    /** The pod that can take over now, as the leader says; stock Flink's says nothing. */
    private Optional<Pod> waiting() {
        String leader = application.podName();
        List<Pod> others =
                application.pods().jobManagers().stream()
                        .filter(pod -> !pod.getMetadata().getName().equals(leader))
                        .toList();
        if (leadership != null && standby == Standby.WARM) {
            return named(others, leadership.standby()).filter(ClusterPods::isReady);
        }
        String container = leadership == null ? "jobmanager" : ClusterPods.AGENT;
        return others.stream().filter(pod -> ClusterPods.isRunning(pod, container)).findFirst();
    }

    /** Answers when it can take over. */
    public Pod awaitStandby() {
        Await.until("a standby", LIMIT, () -> waiting().isPresent());
        if (application.side() == Side.STOCK) {
            Await.pass(CONTENDS);
        }
        return waiting().orElseThrow();
    }

    /** It has read the plan ahead, too. */
    void awaitSettled() {
        Console.event(awaitStandby().getMetadata().getName() + " stands by");
        application.awaitCheckpoints(SETTLED, LIMIT);
    }

    /** Somebody else than the leader's agent says who stands by. */
    public void annotate(String identity) {
        application
                .lease()
                .edit(lease -> {
                    lease.getMetadata().getAnnotations().put(LeadershipRecorder.STANDBY, identity);
                    return lease;
                });
    }
}
