package io.flinkha.flink;

import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main class that Flink is given in place of the user's, {@code --job-classname
 * io.flinkha.flink.JobLauncher}; all arguments are the user's.
 *
 * <p>Flink runs it after the grant. On FRESH and RESTORE it runs {@code flink-ha.job.class}. On
 * RESUME it never even loads that class: it executes a stand-in of the stored job's name, for which
 * Flink 2.3 runs the stored plan. A main() that returned without executing anything would make
 * Flink delete the job's state.
 */
public final class JobLauncher {
    private static final Logger LOG = LoggerFactory.getLogger(JobLauncher.class);

    private JobLauncher() {}

    /** Called by Flink. */
    public static void main(String[] args) throws Exception {
        HaProcess process = HaProcess.current();
        if (process == null) {
            throw new IllegalStateException(
                    "JobLauncher was started without its HA services; set high-availability.type to "
                            + AgentHaServicesFactory.class.getName()
                            + ".");
        }
        launch(process, args, JobLauncher::standIn);
    }

    static void launch(HaProcess process, String[] args, StandIn standIn) throws Exception {
        Run run = process.run();
        if (!run.isResume()) {
            new UserMain(process, run).call(process.settings().jobClass(), args);
            return;
        }
        JobID started;
        try {
            started = standIn.execute(run.plan().jobName());
        } catch (InterruptedException e) {
            // Flink stops main() because the JobManager goes down.
            throw e;
        } catch (Exception e) {
            LOG.error("The stored plan could not be resumed.", e);
            throw process.halt()
                    .now(Halt.FAILED_START, "the stored plan could not be resumed: " + e);
        }
        if (!run.isPlanRecovered() || !run.jobId().equals(started)) {
            throw PlanRejection.andHalt(
                    process,
                    run,
                    "Flink started job " + started + " in place of the stored " + run.jobId());
        }
        LOG.info("Job '{}' ({}) was resumed without main().", run.plan().jobName(), started);
    }

    private static JobID standIn(String jobName) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        environment.fromData(1).sinkTo(new DiscardingSink<>());
        JobClient job = environment.executeAsync(jobName);
        return job.getJobID();
    }

    /** Executes some job of that name and returns the id of the one that Flink ran. */
    interface StandIn {
        JobID execute(String jobName) throws Exception;
    }
}
