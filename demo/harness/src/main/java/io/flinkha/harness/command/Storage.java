package io.flinkha.harness.command;

import io.flinkha.harness.cluster.Bench;
import io.flinkha.harness.report.Report;
import io.flinkha.harness.store.StoreServers;

/** The agent's storage on every kind of store. */
public final class Storage implements Command {
    @Override
    public String name() {
        return "storage";
    }

    @Override
    public void run(Bench bench, Report report) {
        StoreServers servers = StoreServers.start(bench);
        StoreContract.run(bench, servers, report);
    }
}
