package io.flinkha.flink;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.Grant;
import io.flinkha.flink.agent.Registration;
import io.flinkha.flink.agent.Watched;
import io.flinkha.flink.checkpoint.LineCheckpoints;
import io.flinkha.flink.config.Settings;
import io.flinkha.flink.end.PlannedMove;
import io.flinkha.flink.end.ReportingJobResultStore;
import io.flinkha.flink.jvm.DaemonThreads;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.leader.AgentElectionDriver;
import io.flinkha.flink.leader.LeaderAddresses;
import io.flinkha.flink.main.JobMain;
import io.flinkha.flink.main.StartStep;
import io.flinkha.flink.plan.KeptBlobs;
import io.flinkha.flink.plan.LineBlobs;
import io.flinkha.flink.plan.LinePlanStore;
import io.flinkha.flink.plan.PlanAhead;
import io.flinkha.flink.plan.PlanBlobs;
import io.flinkha.flink.plan.PlanRejection;
import io.flinkha.flink.process.Gate;
import io.flinkha.flink.process.GrantedRun;
import io.flinkha.flink.process.JmLock;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.rest.RestEndpoint;
import io.flinkha.flink.savepoint.CheckpointsView;
import io.flinkha.flink.savepoint.FinalSavepoint;
import io.flinkha.flink.savepoint.SavepointWatch;
import io.flinkha.flink.watchdog.Watchdog;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.runtime.blob.BlobUtils;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.highavailability.nonha.embedded.EmbeddedJobResultStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts together what this JVM is towards the agent: one registered process, one gate, at most one
 * run. It hands each part what that needs, and is itself in no part's hands.
 */
final class HaProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HaProcess.class);

    /** How long a REST endpoint is asked at the job's end that does not say. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Settings settings;
    private final Configuration configuration;
    private final Halt halt;
    private final PlanRejection rejection;
    final Agent agent;
    final GrantedRun granted = new GrantedRun();
    final Gate gate;
    final PlanAhead ahead;
    final LeaderAddresses addresses;
    final RestEndpoint rest;
    final CheckpointsView checkpoints;
    final SavepointWatch savepoints;
    final Watchdog watchdog;

    HaProcess(
            Settings settings,
            Configuration configuration,
            Halt halt,
            Agent agent,
            Registration registration,
            LongSupplier nanos) {
        this.settings = settings;
        this.configuration = configuration;
        this.halt = halt;
        this.agent = agent;
        this.rejection = new PlanRejection(agent, halt);
        this.ahead = new PlanAhead(agent, settings.planStoreEnabled(), JobMain::warmUp, nanos);
        this.addresses = new LeaderAddresses(agent, granted);
        this.gate =
                new Gate(
                        agent,
                        halt,
                        nanos,
                        registration::again,
                        ahead::follow,
                        // Opening candidates takes time, and the gate has to be renewed.
                        grant -> DaemonThreads.start("flink-ha-start", () -> prepare(grant)),
                        addresses::sendAgain,
                        this::watched);
        this.rest = new RestEndpoint(addresses, configuration);
        this.checkpoints = new CheckpointsView(rest);
        this.savepoints = new SavepointWatch(agent, gate, checkpoints, granted, nanos);
        this.watchdog = new Watchdog(gate, granted, addresses, rest, checkpoints, nanos);
    }

    private void prepare(Grant grant) {
        Run run = new Run(grant, settings.onCancel());
        ahead.granted(run.start());
        try {
            LOG.info(
                    "Leadership granted: epoch {}, {}, job {}.",
                    run.epoch(),
                    run.start().kind(),
                    run.jobId());
            new StartStep(agent, halt).apply(run, configuration);
            granted.prepared(run);
        } catch (Halt.Halted e) {
            granted.failed(e);
        } catch (Exception e) {
            granted.failed(halt.now(Halt.FAILED_START, "the start could not be prepared: " + e));
        }
    }

    /** The watchdog needs the gate, which tells what that has seen. */
    private Watched watched() {
        return watchdog.watched();
    }

    void takeSigterm() {
        PlannedMove.takeSigterm(
                agent,
                halt,
                granted,
                checkpoints,
                settings.termGrace(),
                configuration.get(DeploymentOptions.SHUTDOWN_ON_APPLICATION_FINISH));
    }

    /** Flink's services; polling for leadership begins. */
    HighAvailabilityServices start(Executor ioExecutor, JmLock lock) throws IOException {
        gate.start();
        watchdog.start();
        KeptBlobs blobs =
                new LineBlobs(BlobUtils.createBlobStoreFromConfig(configuration), granted);
        FinalSavepoint finalSavepoint =
                new FinalSavepoint(
                        checkpoints, gate, FinalSavepoint.stale(configuration), PATIENCE);
        return new AgentHaServices(
                configuration,
                listener -> new AgentElectionDriver(gate, addresses, granted, listener),
                addresses,
                ioExecutor,
                blobs,
                new ReportingJobResultStore(
                        agent,
                        halt,
                        granted,
                        savepoints,
                        finalSavepoint,
                        new EmbeddedJobResultStore()),
                new LinePlanStore(
                        agent,
                        granted,
                        settings.planStoreEnabled(),
                        new PlanBlobs(configuration, halt),
                        rejection,
                        ahead),
                new LineCheckpoints(agent, halt, gate, granted, savepoints, blobs::deleteAll),
                lock);
    }

    /** What runs in the place of the user's main(). */
    JobMain jobMain() {
        return new JobMain(settings, halt, granted, rejection);
    }

    /** For tests: a real process ends instead. */
    @Override
    public void close() {
        gate.close();
        rest.close();
        agent.close();
    }
}
