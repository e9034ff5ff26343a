package io.flinkha.harness.command;

import io.flinkha.harness.cluster.Bench;
import io.flinkha.harness.cluster.ObjectStorage;
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
        ObjectStorage s3proxy = bench.objectStorage();
        PlanMemory memory = new PlanMemory(bench, report);
        memory.rows("directory", null);
        memory.rows("s3proxy", s3proxy);
        servers.minio().ifPresent(minio -> memory.rows("minio", minio));
        AgentSize.row(bench, s3proxy, report.row("agent"));
    }
}
