package io.flinkha.lab.experiment.cluster;

import io.flinkha.lab.application.Side;
import io.flinkha.lab.leadership.LeadershipHistory;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.util.ArrayList;
import java.util.List;

/** The rows of one scenario. One that was broken off does not hold, whatever it claimed before. */
public final class Rows {
    /** Figure of a row: how long the JobManager lived on after the fault's beginning. */
    static final String UNNOTICED = "unnoticedMillis";

    private final Report report;
    private final String scenario;
    private final List<Row> rows = new ArrayList<>();

    public Rows(Report report, String scenario) {
        this.report = report;
        this.scenario = scenario;
    }

    public Row row(String name) {
        Row row = report.row(name);
        rows.add(row);
        return row;
    }

    /** Of each fault so far after which a JobManager of ours had to come. */
    public void claimRunningWithin(long most) {
        for (Row row : rows) {
            if (!row.name().startsWith(Side.STOCK.title())) {
                long unnoticed = row.number(UNNOTICED).orElse(0);
                row.number("toRunningMillis")
                        .ifPresent(millis ->
                                row.claim(
                                        "RUNNING within %d ms".formatted(most),
                                        millis - unnoticed <= most));
            }
        }
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
        return rows.isEmpty() ? row(scenario) : rows.getLast();
    }
}
