package io.flinkha.lab.experiment.cluster;

import io.flinkha.lab.leadership.LeadershipHistory;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import org.jspecify.annotations.Nullable;

/** The rows of one scenario. One that was broken off does not hold, whatever it claimed before. */
public final class Rows {
    private final Report report;
    private final String scenario;
    private @Nullable Row last;

    public Rows(Report report, String scenario) {
        this.report = report;
        this.scenario = scenario;
    }

    public Row row(String name) {
        Row row = report.row(name);
        last = row;
        return row;
    }

    /** What must hold in every scenario. */
    public void claimInOrder(LeadershipHistory history) {
        Row row =
                report.row(scenario + "/leaders")
                        .figure("gatesOpened", history.gatesOpened())
                        .figure("lastEpoch", history.epoch())
                        .figure("agentOutOfMemory", history.agentsOutOfMemory())
                        .claim("no agent was out of memory", history.agentsOutOfMemory() == 0);
        history.breaches().forEach(breach -> row.claim(breach, false));
    }

    /** The one that was worked at last. */
    Row last() {
        Row row = last;
        return row == null ? row(scenario) : row;
    }
}
