package io.flinkha.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.lab.Await;
import io.flinkha.lab.Project;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.measure.CommittedOutput;
import io.flinkha.lab.measure.Failover;
import io.flinkha.lab.process.Ports;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Real processes: an agent, a JobManager, a stock TaskManager, one job from its start to its end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealFlinkTest {
    private final Bench bench = Bench.open(Project.find(), "test-real-flink");
    private final Cluster cluster =
            bench.start(
                    "job",
                    Stage.counting(
                            bench,
                            Kind.valueOf(System.getProperty("flink-ha.test.kind", "AGENT")),
                            "job"));

    @BeforeAll
    void awaitStart() {
        Stage.awaitSteady(cluster);
    }

    @AfterAll
    void close() {
        cluster.close();
        bench.close();
    }

    @Test
    @Order(1)
    void aKilledJobManagerResumesWithoutMain() {
        Failover failover = Failover.byKilling(cluster);
        assertTrue(failover.fromLatest(), failover::toString);
        assertEquals(1, cluster.mainRuns());
        assertEquals(1, cluster.taskManager().starts());
    }

    @Test
    @Order(2)
    void aKilledAgentAttachesAgain() {
        long jobManager = cluster.jobManager().current().pid();
        long epoch = Stage.epoch(cluster);
        // The first checkpoints after a failover may fail: not all tasks run yet.
        long failed = cluster.pod().rest().checkpoints().failed();
        cluster.pod().agent().kill();
        Await.until(
                "the agent's return",
                Duration.ofMinutes(1),
                () -> Ports.answers(cluster.pod().controlPort()));
        Stage.awaitCheckpoints(cluster.pod(), 2, Duration.ofMinutes(1));
        assertEquals(jobManager, cluster.jobManager().current().pid());
        assertEquals(epoch, Stage.epoch(cluster));
        assertEquals(failed, cluster.pod().rest().checkpoints().failed());
        assertTrue(cluster.pod().rest().job().allRunning());
    }

    @Test
    @Order(3)
    void theJobFinishesAndEachRecordIsCommittedOnce() {
        assertEquals(0, Stage.finish(cluster, cluster.pod()));
        CommittedOutput output =
                CommittedOutput.read(cluster.lab().data().resolve("out"), Stage.RECORDS);
        assertTrue(output.exactlyOnce(), output::toString);
        assertEquals(1, cluster.mainRuns());
    }
}
