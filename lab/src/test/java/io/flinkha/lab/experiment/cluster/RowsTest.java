package io.flinkha.lab.experiment.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.lab.leadership.LeadershipHistory;
import io.flinkha.lab.report.Report;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowsTest {
    @TempDir Path directory;

    private Report of(LeadershipHistory history) {
        Report report = new Report(directory, "e2e");
        new Rows(report, "agent-kills").claimInOrder(history);
        return report;
    }

    @Test
    void anAgentThatWasOutOfMemoryBreaksItsScenario() {
        LeadershipHistory history = new LeadershipHistory();
        assertTrue(of(history).held());
        history.agentOutOfMemory("containerd://a");
        Report report = of(history);
        assertFalse(report.held());
        assertTrue(report.table().contains("no agent was out of memory"), report.table());
    }

    @Test
    void whatTookTooLongBreaksItsRowButNotThatOfStock() {
        Report report = new Report(directory, "standby");
        Rows rows = new Rows(report, "node-lost");
        rows.row("stock: node lost").figure("toRunningMillis", 90_000L);
        rows.row("node-lost").figure("toRunningMillis", 2_001L);
        rows.row("finished").figure("toRunningMillis", null);
        rows.claimRunningWithin(2_001);
        assertTrue(report.held());
        rows.claimRunningWithin(2_000);
        assertFalse(report.held());
        assertTrue(report.table().contains("RUNNING within 2000 ms"), report.table());
    }
}
