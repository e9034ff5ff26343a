package io.flinkha.flink;

import java.util.concurrent.Executor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;

/** A line of Flink's HA API, behind the names that are the same for all. */
public interface FlinkLine {
    /** For {@link AgentHaServicesFactory}, in a JobManager. */
    HighAvailabilityServices services(Configuration configuration, Executor executor)
            throws Exception;

    /** For {@link AgentHaServicesFactory}, on Flink's command line. */
    ClientHighAvailabilityServices clientServices(Configuration configuration);

    /** For {@link JobLauncher}. */
    void launch(String[] args) throws Exception;
}
