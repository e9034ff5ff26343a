package io.flinkha.lab.experiment.failover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.Application;
import io.flinkha.lab.application.Failover;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Project;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.CommittedOutput;
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
    private final Workbench bench =
            Workbench.open(Project.find(Project.Agent.JVM), "test-real-flink");
    private final LocalApplication application =
            bench.start(
                    "job",
                    bench.counting(
                            Side.valueOf(System.getProperty("flink-ha.test.kind", "AGENT")),
                            "job"));

    @BeforeAll
    void awaitStart() {
        application.awaitSteady();
    }

    @AfterAll
    void close() {
        application.close();
        bench.close();
    }

    @Test
    @Order(1)
    void aKilledJobManagerResumesWithoutMain() {
        Failover failover = Aftermath.ofKilledJobManager(application);
        assertTrue(failover.fromLatest(), failover::toString);
        assertEquals(1, application.mainRuns());
        assertEquals(1, application.taskManager().starts());
    }

    @Test
    @Order(2)
    void aKilledAgentAttachesAgain() {
        long jobManager = application.jobManager().current().pid();
        long epoch = application.epoch();
        // The first checkpoints after a failover may fail: not all tasks run yet.
        long failed = application.pod().rest().checkpoints().failed();
        application.pod().agent().kill();
        Await.until(
                "the agent's return",
                Duration.ofMinutes(1),
                () -> Ports.answers(application.pod().controlPort()));
        application.awaitCheckpoints(2, Duration.ofMinutes(1));
        assertEquals(jobManager, application.jobManager().current().pid());
        assertEquals(epoch, application.epoch());
        assertEquals(failed, application.pod().rest().checkpoints().failed());
        assertTrue(application.pod().rest().job().allRunning());
    }

    @Test
    @Order(3)
    void theJobFinishesAndEachRecordIsCommittedOnce() {
        assertEquals(0, application.finish());
        CommittedOutput output =
                CommittedOutput.read(
                        application.directory().data().resolve("out"), Application.RECORDS);
        assertTrue(output.exactlyOnce(), output::toString);
        assertEquals(1, application.mainRuns());
    }
}
