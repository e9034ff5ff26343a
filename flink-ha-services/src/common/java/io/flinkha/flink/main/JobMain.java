package io.flinkha.flink.main;

import io.flinkha.flink.agent.Start;
import io.flinkha.flink.config.Settings;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.plan.PlanRejection;
import io.flinkha.flink.process.GrantedRun;
import io.flinkha.flink.process.Run;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs as the application's main(), after the grant.
 *
 * <p>On FRESH and RESTORE that is the user's. On RESUME the user's class is never even loaded: the
 * line's {@link StandInJob} takes its place.
 */
public final class JobMain {
    private static final Logger LOG = LoggerFactory.getLogger(JobMain.class);

    private final Settings settings;
    private final Halt halt;
    private final GrantedRun granted;
    private final PlanRejection rejection;

    public JobMain(Settings settings, Halt halt, GrantedRun granted, PlanRejection rejection) {
        this.settings = settings;
        this.halt = halt;
        this.granted = granted;
        this.rejection = rejection;
    }

    /** For a JobManager that waits: what a RESUME runs in the place of main() is made once. */
    public static void warmUp() {
        StandInJob.warmUp();
    }

    public void run(String[] args) throws Exception {
        run(args, StandInJob::execute);
    }

    void run(String[] args, StandIn standIn) throws Exception {
        Run run = granted.get();
        Optional<Start.Resume> resume = run.resume();
        if (resume.isEmpty()) {
            new UserMain(settings, halt, rejection, run).call(args);
            return;
        }
        JobID started;
        try {
            started = standIn.execute(run);
        } catch (InterruptedException e) {
            // Flink stops main() because the JobManager goes down.
            throw e;
        } catch (Exception e) {
            LOG.error("The stored plan could not be resumed.", e);
            throw halt.now(Halt.FAILED_START, "the stored plan could not be resumed: " + e);
        }
        if (!run.isPlanRecovered() || !run.jobId().equals(started)) {
            throw rejection.andHalt(
                    run, "Flink started job " + started + " in place of the stored " + run.jobId());
        }
        LOG.info("Job '{}' ({}) was resumed without main().", resume.get().jobName(), started);
    }

    /** Has Flink run the stored plan, and returns the id of the job that it ran. */
    interface StandIn {
        JobID execute(Run run) throws Exception;
    }
}
