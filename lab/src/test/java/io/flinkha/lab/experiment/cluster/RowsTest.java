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
}
