package io.flinkha.flink;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.Registration;
import io.flinkha.flink.config.EffectiveSetting;
import io.flinkha.flink.config.Settings;
import io.flinkha.flink.config.StorageLayout;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.jvm.JvmHalt;
import io.flinkha.flink.jvm.TerminationMessage;
import io.flinkha.flink.leader.CommandLineHaServices;
import io.flinkha.flink.main.JobMain;
import io.flinkha.flink.plan.UserCodeDigest;
import io.flinkha.flink.process.JmLock;
import io.flinkha.flink.savepoint.FinalSavepoint;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.runtime.entrypoint.ClusterEntrypointUtils;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.util.FlinkException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services of this line of Flink, put together. */
public final class Line implements FlinkLine {
    private static final Logger LOG = LoggerFactory.getLogger(Line.class);

    /** The agent probes the lock for microseconds; a process that ends takes a moment longer. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

    /** The target of an application's JobManager, and of nothing else. */
    private static final String EMBEDDED = "embedded";

    /** Never sent: a process that asks who leads does not register. */
    private static final String COMMAND_LINE = "command line";

    /** For {@code JobLauncher}, which Flink starts by name in the same JVM. */
    private static volatile @Nullable JobMain main;

    /** Called by the entry. */
    public Line() {}

    @Override
    public HighAvailabilityServices services(Configuration configuration, Executor executor)
            throws Exception {
        try {
            return start(configuration, executor);
        } catch (FlinkException | IllegalConfigurationException e) {
            // Flink will end with 1; the pod shall say why, too.
            TerminationMessage.of(System.getenv()).write(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private static HighAvailabilityServices start(Configuration configuration, Executor executor)
            throws Exception {
        requireApplication(configuration);
        String flink = EnvironmentInformation.getVersion();
        List<EffectiveSetting> effective = StorageLayout.complete(configuration, System::getenv);
        effective.forEach(setting -> LOG.info("{}", setting));
        StorageLayout.requireFileSystems(effective, flink);
        Settings.refuseJobManagerStorage(configuration);
        FinalSavepoint.askUncached(configuration);
        Settings settings = Settings.of(configuration);
        // Before the lock: hashing takes time, and a held lock says "this JobManager lives".
        String userCode = UserCodeDigest.of(configuration, settings.jobClass(), usrlib());

        JmLock lock = JmLock.take(settings.runDir(), LOCK_PATIENCE, System.getenv());
        Halt halt = new JvmHalt();
        Agent agent = new Agent(settings.agent(), settings.runDir(), halt, lock.jm());
        Registration registration = new Registration(agent, flink, userCode, effective);
        HaProcess process =
                new HaProcess(settings, configuration, halt, agent, registration, System::nanoTime);
        // Before the first wait: Flink's shutdown would wait in turn for this very call to return.
        process.takeSigterm();
        registration.untilAnswered();
        main = process.jobMain();
        return process.start(executor, lock);
    }

    /** For {@code flink list}, {@code savepoint} and the like: no lock, no registration. */
    @Override
    public ClientHighAvailabilityServices clientServices(Configuration configuration) {
        Settings settings = Settings.of(configuration);
        return new CommandLineHaServices(
                new Agent(settings.agent(), settings.runDir(), new JvmHalt(), COMMAND_LINE));
    }

    @Override
    public void launch(String[] args) throws Exception {
        JobMain job = main;
        if (job == null) {
            throw new IllegalStateException(
                    "JobLauncher was started without its HA services; set high-availability.type to "
                            + AgentHaServicesFactory.class.getName()
                            + ".");
        }
        job.run(args);
    }

    static void requireApplication(Configuration configuration) throws FlinkException {
        String target = configuration.getOptional(DeploymentOptions.TARGET).orElse("");
        if (!target.equals(EMBEDDED)) {
            throw new FlinkException(
                    "AgentHaServicesFactory serves the JobManager of one application, started by"
                            + " standalone-job.sh, and this is none: for a session cluster and for"
                            + " TaskManagers set high-availability.type to kubernetes.");
        }
    }

    private static @Nullable Path usrlib() {
        return ClusterEntrypointUtils.tryFindUserLibDirectory().map(File::toPath).orElse(null);
    }
}
