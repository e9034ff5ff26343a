package io.flinkha.lab.e2e.scenario;

import io.flinkha.lab.e2e.cluster.TestCluster;
import java.util.Optional;

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

    /** Why it cannot be run on this cluster; empty if it can. */
    public Optional<String> obstacle(TestCluster cluster) {
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
