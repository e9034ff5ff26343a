package io.flinkha.flink;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the boot plan into the configuration that Flink reads right after the grant.
 *
 * <p>It is the very instance the entry point, the Dispatcher and the user's environment share, and
 * they read it only after leadership; the settings given on the command line would be too early.
 */
final class BootPlanStep {
    private static final Logger LOG = LoggerFactory.getLogger(BootPlanStep.class);

    /** Flink's internal key, {@code PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID}. */
    private static final String FIXED_JOB_ID = "$internal.pipeline.job-id";

    private static final String WAYS_OUT =
            "Ways out: bring the file back; or name another checkpoint or savepoint in the agent's"
                    + " flink-ha.restore.path; or start empty, by a new Job whose agent has"
                    + " flink-ha.restore.strategy=none.";

    private final AgentClient client;
    private final AgentCalls calls;
    private final Halt halt;

    BootPlanStep(AgentClient client, AgentCalls calls, Halt halt) {
        this.client = client;
        this.calls = calls;
        this.halt = halt;
    }

    void apply(Run run, Configuration configuration) throws AgentRefusal, GateClosedException {
        String fixed = configuration.getString(FIXED_JOB_ID, run.plan().jobId());
        if (!fixed.equals(run.plan().jobId())) {
            LOG.warn(
                    "The configured job id {} is not used: the agent gives every new run an id of its"
                            + " own ({}), so that two runs never share a checkpoint directory.",
                    fixed,
                    run.plan().jobId());
        }
        configuration.setString(FIXED_JOB_ID, run.plan().jobId());
        switch (run.plan().kind()) {
            case FRESH:
                LOG.info("FRESH: main() runs. Reason: {}.", run.plan().reason());
                return;
            case RESUME:
                LOG.info(
                        "RESUME: the stored plan of job '{}' runs, main() does NOT. Changed arguments"
                                + " and mounted configuration are not seen. Reason: {}.",
                        run.plan().jobName(),
                        run.plan().reason());
                return;
            case RESTORE:
                restore(run, configuration);
                return;
        }
        throw new IllegalStateException("boot plan " + run.plan().kind());
    }

    private void restore(Run run, Configuration configuration)
            throws AgentRefusal, GateClosedException {
        BootPlan.Restore opened = open(run.plan());
        calls.repeat(
                "reporting what is restored from",
                () ->
                        client.post(
                                "/v1/restored",
                                Wire.call(run.jm(), run.epoch()).put("path", opened.path())));
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, opened.path());
        // As text: the type of this option was renamed between Flink 1.20 and 2.0.
        configuration.setString(StateRecoveryOptions.RESTORE_MODE.key(), opened.claimMode());
        configuration.set(
                StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE,
                opened.allowNonRestoredState());
        LOG.info(
                "RESTORE: main() runs and starts from {} ({}). Reason: {}.",
                opened.path(),
                opened.claimMode(),
                run.plan().reason());
    }

    private BootPlan.Restore open(BootPlan plan) {
        List<String> failures = new ArrayList<>();
        for (BootPlan.Restore candidate : plan.candidates()) {
            MetadataFile.Reading reading =
                    MetadataFile.ofRestorePath(candidate.path(), getClass().getClassLoader());
            switch (reading.outcome()) {
                case READ:
                    return candidate;
                case UNREACHABLE:
                    // Skipping it would restore something older although nothing is lost.
                    throw halt.now(
                            Halt.FAILED_START,
                            "the storage of the checkpoint to restore from does not answer, the"
                                    + " start is tried again: "
                                    + reading.detail());
                case NOT_FOUND:
                case UNREADABLE:
                    String failure = reading.outcome() + ": " + reading.detail();
                    LOG.error("Cannot restore from {}", failure);
                    failures.add(failure);
                    break;
            }
        }
        throw halt.now(
                Halt.REFUSED,
                "no checkpoint to restore from can be found or read: "
                        + failures
                        + ". "
                        + WAYS_OUT);
    }
}
