package io.flinkha.lab.experiment;

import io.flinkha.lab.base.Project;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Report;

/** An experiment on the cluster of KUBECONFIG. */
public interface ClusterExperiment extends Experiment {
    void run(TestCluster cluster, Report report);

    /** That of the images which lab/images.sh makes where nobody says. */
    @Override
    default Project.Agent agent(Project project) {
        return agentOfImages(project);
    }

    static Project.Agent agentOfImages(Project project) {
        return project.hasNativeAgent() ? Project.Agent.NATIVE : Project.Agent.JVM;
    }

    @Override
    default void run(Project project, Report report) {
        try (TestCluster cluster = TestCluster.open(project)) {
            run(cluster, report);
        }
    }
}
