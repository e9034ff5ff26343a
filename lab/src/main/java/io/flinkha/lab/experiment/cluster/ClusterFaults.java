package io.flinkha.lab.experiment.cluster;

import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.experiment.ClusterExperiment;
import io.flinkha.lab.report.Report;
import java.util.List;
import java.util.function.Predicate;

/** All scenarios, the most important first. */
public record ClusterFaults(Predicate<String> only) implements ClusterExperiment {
    private static final List<Scenario> ALL =
            List.of(
                    new Scenario("kills", true, 1, Kills::jobManager),
                    new Scenario("agent-kills", true, 1, Kills::agent),
                    new Scenario("pod-deleted", false, 1, PodLosses::deleted),
                    new Scenario("objects", false, 1, ApiObjects::tampered),
                    new Scenario("manifest", false, 1, ApiObjects::manifestGarbled),
                    new Scenario("finished", false, 1, Ends::finished),
                    new Scenario("canceled", false, 1, Ends::canceled),
                    new Scenario("failed", false, 1, Ends::failed),
                    new Scenario("budget", true, 1, JobSignals::budgetUsedUp),
                    new Scenario("parked", false, 1, Parking::parkedAndResumed),
                    new Scenario("by-hand", true, 1, ByHand::commands),
                    new Scenario("suspended", false, 1, JobSignals::suspended),
                    new Scenario("api-away", true, 1, ControlPlane::apiServerAway),
                    new Scenario("controllers-away", true, 1, ControlPlane::controllersAway),
                    new Scenario("kubelet-down", true, 1, ControlPlane::kubeletDown),
                    new Scenario("rbac-revoked", false, 1, ControlPlane::rightsRevoked),
                    new Scenario("on-failure", true, 1, Kills::onFailure),
                    new Scenario("out-of-memory", false, 1, Kills::outOfMemory),
                    new Scenario("two-jobs", false, 1, TwoJobs::oneClusterId),
                    new Scenario("node-lost", true, 2, PodLosses::nodeLost),
                    new Scenario("network-cut", true, 2, PodLosses::networkCut),
                    new Scenario("drain", false, 2, Evictions::drained),
                    new Scenario("evicted", false, 1, Evictions::storageExceeded),
                    new Scenario("dies-early", true, 1, EarlyDeaths::mended),
                    new Scenario("never-starts", false, 1, EarlyDeaths::neverMended),
                    new Scenario("api-away-long", true, 1, ControlPlane::apiServerAwayForLong),
                    new Scenario("job-anew", false, 1, NewJob::createdAnew),
                    new Scenario("purged", false, 1, NewJob::purged),
                    new Scenario("savepoint", false, 1, NewJob::afterStopWithSavepoint),
                    new Scenario("failsafe-node-lost", true, 2, SecondWitness::nodeLost),
                    new Scenario("failsafe-network-cut", true, 2, SecondWitness::networkCut),
                    new Scenario("failsafe-api-away", true, 1, SecondWitness::apiServerAway),
                    new Scenario("failsafe-etcd-restored", true, 1, SecondWitness::etcdRestored),
                    new Scenario("side-by-side", true, 2, SideBySide::losses),
                    new Scenario("api-requests", false, 1, new ApiRequests()));

    @Override
    public String name() {
        return "e2e";
    }

    @Override
    public void run(TestCluster cluster, Report report) {
        Scenario.run(cluster, report, only, ALL);
    }
}
