package io.flinkha.flink;

import java.util.concurrent.Executor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesFactory;
import org.apache.flink.util.FlinkException;

/**
 * What {@code high-availability.type} names: {@code io.flinkha.flink.AgentHaServicesFactory}.
 *
 * <p>For an application's JobManager and the command line. TaskManagers stay stock: they follow the
 * leader ConfigMap with {@code high-availability.type: kubernetes}.
 */
public final class AgentHaServicesFactory implements HighAvailabilityServicesFactory {
    @Override
    public HighAvailabilityServices createHAServices(Configuration configuration, Executor executor)
            throws Exception {
        return FlinkLines.here().services(configuration, executor);
    }

    @Override
    public ClientHighAvailabilityServices createClientHAServices(Configuration configuration)
            throws FlinkException {
        return FlinkLines.here().clientServices(configuration);
    }
}
