package io.flinkha.lab.command;

import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.ObjectStorage;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.store.StoreServers;

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
