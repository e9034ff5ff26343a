package io.flinkha.lab.experiment.standby;

import static io.flinkha.lab.experiment.standby.Paired.warm;
import static io.flinkha.lab.experiment.standby.Paired.within;

import io.flinkha.lab.base.Project;
import io.flinkha.lab.cluster.Standby;
import io.flinkha.lab.experiment.ClusterExperiment;
import io.flinkha.lab.experiment.Experiment;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.experiment.cluster.ApiRequests;
import io.flinkha.lab.experiment.cluster.Ends;
import io.flinkha.lab.experiment.cluster.Evictions;
import io.flinkha.lab.experiment.cluster.JobSignals;
import io.flinkha.lab.experiment.cluster.Kills;
import io.flinkha.lab.experiment.cluster.NewJob;
import io.flinkha.lab.experiment.cluster.Parking;
import io.flinkha.lab.experiment.cluster.PodLosses;
import io.flinkha.lab.experiment.cluster.Scenario;
import io.flinkha.lab.experiment.cluster.SecondWitness;
import io.flinkha.lab.experiment.lines.LinePairs;
import io.flinkha.lab.experiment.restart.Hangs;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Report;
import java.util.List;
import java.util.function.Predicate;

/** Two JobManagers, of which one waits: everything that may end the other, and every end. */
public record Standbys(Predicate<String> only) implements Experiment {
    private static final String LINES = "lines";

    /** Whoever hears of the leader's end takes its place. */
    private static final long HEARD = 2_000;

    /** The watchdog asks three times. */
    private static final long WATCHED = 33_000;

    /** The Lease has to run out: 15 s with a second witness, else 60 s. */
    private static final long RAN_OUT_FAILSAFE = 25_000;

    private static final long RAN_OUT = 70_000;

    private static final List<Scenario> ALL =
            List.of(
                    new Scenario("kills", true, 1, within(HEARD, SwitchOverKills::warm)),
                    new Scenario(
                            "kills-cold",
                            true,
                            1,
                            new Paired(Standby.COLD, Long.MAX_VALUE, SwitchOverKills::cold)),
                    new Scenario("stock-kills", true, 1, warm(SwitchOverKills::stock)),
                    new Scenario("jars", true, 1, warm(SwitchOverJobs::jars)),
                    new Scenario("adaptive", true, 1, warm(SwitchOverJobs::adaptive)),
                    new Scenario("pod-deleted", false, 1, within(HEARD, PodLosses::deleted)),
                    new Scenario("drained", false, 2, within(HEARD, Evictions::drained)),
                    new Scenario("evicted", false, 1, within(HEARD, Evictions::storageExceeded)),
                    new Scenario("agent-killed", true, 1, within(HEARD, Kills::both)),
                    new Scenario("frozen", true, 1, within(WATCHED, Hangs::frozen)),
                    new Scenario("node-lost", true, 2, within(RAN_OUT, PodLosses::nodeLost)),
                    new Scenario("node-cut", true, 2, within(RAN_OUT, PodLosses::networkCut)),
                    new Scenario(
                            "node-lost-failsafe",
                            true,
                            2,
                            within(RAN_OUT_FAILSAFE, SecondWitness::nodeLost)),
                    new Scenario(
                            "node-cut-failsafe",
                            true,
                            2,
                            within(RAN_OUT_FAILSAFE, SecondWitness::networkCut)),
                    new Scenario("finished", false, 1, warm(Ends::finished)),
                    new Scenario("canceled", false, 1, warm(Ends::canceled)),
                    new Scenario("stopped", false, 1, warm(NewJob::afterStopWithSavepoint)),
                    new Scenario("failed", false, 1, warm(Ends::failed)),
                    new Scenario("parked", false, 1, warm(Parking::parkedAndResumed)),
                    new Scenario("budget", true, 1, warm(JobSignals::budgetUsedUp)),
                    new Scenario("suspended", false, 1, warm(JobSignals::suspended)),
                    new Scenario("deleted", false, 1, warm(NewJob::createdAnew)),
                    new Scenario("purged", false, 1, warm(NewJob::purged)),
                    new Scenario("standby-gone", true, 1, warm(NumberOfPods::standbyGone)),
                    new Scenario("scaled", true, 1, within(HEARD, NumberOfPods::scaled)),
                    new Scenario("step-down", false, 1, within(HEARD, PairByHand::stepDown)),
                    new Scenario("paused", true, 1, warm(PairByHand::paused)),
                    new Scenario("cost", true, 1, warm(WaitingCost::memory)),
                    new Scenario("cost-requests", false, 1, warm(new ApiRequests())));

    @Override
    public String name() {
        return "standby";
    }

    /** That of the images on the cluster. */
    @Override
    public Project.Agent agent(Project project) {
        return ClusterExperiment.agentOfImages(project);
    }

    /** The lines of Flink on processes of this machine, the others on the cluster. */
    @Override
    public void run(Project project, Report report) {
        Scenario.run(project, report, only, ALL);
        if (only.test(LINES)) {
            try (Workbench bench = Workbench.open(project, "standby-lines")) {
                Trial.run(bench, report, "sb", trial -> true, LinePairs.trials());
            }
        }
    }
}
