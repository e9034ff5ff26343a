package io.flinkha.lab.experiment;

import io.flinkha.lab.base.Project;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Report;

/** An experiment on the cluster of KUBECONFIG. */
public interface ClusterExperiment extends Experiment {
    void run(TestCluster cluster, Report report);

    @Override
    default void run(Project project, Report report) {
        try (TestCluster cluster = TestCluster.open(project)) {
            run(cluster, report);
        }
    }
}
