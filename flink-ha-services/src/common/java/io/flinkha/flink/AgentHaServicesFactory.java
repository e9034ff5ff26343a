package io.flinkha.flink;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.entrypoint.ClusterEntrypointUtils;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesFactory;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.util.FlinkException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code high-availability.type} names: {@code io.flinkha.flink.AgentHaServicesFactory}.
 *
 * <p>For JobManagers and the command line. TaskManagers stay stock: they follow the leader
 * ConfigMap with {@code high-availability.type: kubernetes}.
 */
public final class AgentHaServicesFactory implements HighAvailabilityServicesFactory {
    private static final Logger LOG = LoggerFactory.getLogger(AgentHaServicesFactory.class);

    /** The agent probes the lock for microseconds; a process that ends takes a moment longer. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

    @Override
    public HighAvailabilityServices createHAServices(Configuration configuration, Executor executor)
            throws Exception {
        String flink = EnvironmentInformation.getVersion();
        requireSupported(flink);
        List<EffectiveSetting> effective = StorageLayout.complete(configuration, System::getenv);
        effective.forEach(setting -> LOG.info("{}", setting));
        StorageLayout.requireFileSystems(effective, flink);
        Settings.refuseJobManagerStorage(configuration);
        Settings settings = Settings.of(configuration);
        // Before the lock: hashing takes time, and a held lock says "this JobManager lives".
        String userCode = UserCodeDigest.of(configuration, settings.jobClassOrEmpty(), usrlib());

        JmLock lock = JmLock.take(settings.runDir(), LOCK_PATIENCE);
        Halt halt = new JvmHalt();
        AgentClient client = new AgentClient(settings.agent(), new Token(settings.runDir()), halt);
        Registration registration =
                new Registration(client, halt, lock.jm(), flink, userCode, effective);
        HaProcess process =
                new HaProcess(
                        settings,
                        configuration,
                        halt,
                        client,
                        registration,
                        lock.jm(),
                        System::nanoTime);
        // Before the first wait: Flink's shutdown would wait in turn for this very call to return.
        PlannedMove.takeSigterm(process);
        registration.untilAnswered();
        HaProcess.makeCurrent(process);
        process.gate().start();
        return AgentHaServices.create(process, executor, lock);
    }

    /** For {@code flink list}, {@code savepoint} and the like: no lock, no registration. */
    @Override
    public ClientHighAvailabilityServices createClientHAServices(Configuration configuration) {
        Settings settings = Settings.of(configuration);
        return new CommandLineHaServices(
                new AgentClient(settings.agent(), new Token(settings.runDir()), new JvmHalt()));
    }

    static void requireSupported(String flink) throws FlinkException {
        if (!flink.equals(FlinkLine.MINOR) && !flink.startsWith(FlinkLine.MINOR + ".")) {
            throw new FlinkException(
                    "This flink-ha-agent jar is made for Flink "
                            + FlinkLine.MINOR
                            + " and was found in the lib/ of Flink "
                            + flink
                            + "; mount the jar of that line.");
        }
    }

    private static @Nullable Path usrlib() {
        return ClusterEntrypointUtils.tryFindUserLibDirectory().map(File::toPath).orElse(null);
    }
}
