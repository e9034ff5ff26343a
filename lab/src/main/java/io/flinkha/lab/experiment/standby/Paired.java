package io.flinkha.lab.experiment.standby;

import io.flinkha.lab.cluster.Standby;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.experiment.cluster.Rows;
import io.flinkha.lab.experiment.cluster.Scenario;
import java.util.Optional;

/**
 * A scenario, whoever wrote it, with two pods.
 *
 * @param most milliseconds until all tasks run, of ours
 */
record Paired(Standby standby, long most, Scenario.Body body) implements Scenario.Body {

    static Paired warm(Scenario.Body body) {
        return within(Long.MAX_VALUE, body);
    }

    static Paired within(long most, Scenario.Body body) {
        return new Paired(Standby.WARM, most, body);
    }

    @Override
    public void run(TestCluster cluster, Rows rows) {
        body.run(cluster.with(standby), rows);
        rows.claimRunningWithin(most);
    }

    @Override
    public Optional<String> obstacle(TestCluster cluster) {
        return body.obstacle(cluster);
    }
}
