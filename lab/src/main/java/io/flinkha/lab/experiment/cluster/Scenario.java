package io.flinkha.lab.experiment.cluster;

import io.flinkha.lab.base.Project;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Report;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One experiment on an application of its own.
 *
 * @param faults whether it takes somebody outside of the cluster
 * @param nodes how many nodes it takes
 */
public record Scenario(String name, boolean faults, int nodes, Body body) {
    /** What is done, and claimed. */
    public interface Body {
        void run(TestCluster cluster, Rows rows);

        /** What else it takes that is missing here. */
        default Optional<String> obstacle(TestCluster cluster) {
            return Optional.empty();
        }
    }

    /** On the cluster of KUBECONFIG, which is not asked for where none is chosen. */
    public static void run(
            Project project, Report report, Predicate<String> only, List<Scenario> scenarios) {
        if (scenarios.stream().anyMatch(scenario -> only.test(scenario.name()))) {
            try (TestCluster cluster = TestCluster.open(project)) {
                run(cluster, report, only, scenarios);
            }
        }
    }

    /** Those whose names are chosen; what this cluster cannot do is named, not run. */
    public static void run(
            TestCluster cluster, Report report, Predicate<String> only, List<Scenario> scenarios) {
        for (Scenario scenario : scenarios) {
            if (!only.test(scenario.name())) {
                continue;
            }
            Optional<String> obstacle = scenario.obstacle(cluster);
            if (obstacle.isPresent()) {
                report.notRun(scenario.name(), obstacle.get());
            } else {
                scenario.guarded(cluster, new Rows(report, scenario.name()));
                var unused = report.keep();
            }
        }
    }

    /** One that fails does not keep the others from being run. */
    private void guarded(TestCluster cluster, Rows rows) {
        try {
            body.run(cluster, rows);
        } catch (RuntimeException e) {
            rows.last().brokenOff(e);
        }
        cluster.takeEnded().forEach(rows::claimInOrder);
    }

    /** Why it cannot be run on this cluster; empty if it can. */
    private Optional<String> obstacle(TestCluster cluster) {
        if (faults && !cluster.hasFaults()) {
            return Optional.of(
                    "needs E2E_FAULTS_DIR, a test cluster that can be broken from outside");
        }
        if (cluster.nodes().size() < nodes) {
            return Optional.of("needs " + nodes + " nodes");
        }
        return body.obstacle(cluster);
    }
}
