package io.flinkha.lab.experiment.storage;

import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.local.ObjectStorage;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.store.StoreServers;

/** The agent's storage on every kind of store. */
public final class Storage implements LocalExperiment {
    @Override
    public String name() {
        return "storage";
    }

    @Override
    public void run(Workbench bench, Report report) {
        StoreServers servers = StoreServers.start(bench);
        StoreContract.run(bench, servers, report);
        ObjectStorage s3proxy = bench.objectStorage();
        PlanMemory memory = new PlanMemory(bench, report);
        memory.rows("directory", null);
        memory.rows("s3proxy", s3proxy);
        servers.minio().ifPresent(minio -> memory.rows("minio", minio));
    }
}
