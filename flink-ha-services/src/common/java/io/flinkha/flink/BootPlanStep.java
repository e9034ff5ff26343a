package io.flinkha.flink;

import io.flinkha.flink.agent.AgentCalls;
import io.flinkha.flink.agent.AgentClient;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.agent.BootPlan;
import io.flinkha.flink.agent.GateClosedException;
import io.flinkha.flink.agent.Wire;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.state.LostState;
import io.flinkha.flink.state.MetadataFile;
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
        run.restoredFrom(opened.path());
        calls.repeat(
                "reporting what is restored from",
                () ->
                        client.post(
                                "/v1/restored",
                                Wire.restored(run.jm(), run.epoch(), opened.path())));
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
        List<MetadataFile.Reading> lost = new ArrayList<>();
        for (BootPlan.Restore candidate : plan.candidates()) {
            MetadataFile.Reading reading =
                    MetadataFile.ofRestorePath(candidate.path(), getClass().getClassLoader());
            switch (reading.outcome()) {
                case READ:
                    if (!lost.isEmpty()) {
                        LostState.goBack(lost, candidate.path());
                    }
                    return candidate;
                case UNREACHABLE:
                    throw LostState.tryAgain(halt, reading);
                case NOT_FOUND:
                case UNREADABLE:
                    lost.add(reading);
                    break;
            }
        }
        throw LostState.refuse(halt, lost, plan.candidates().size() == 1);
    }
}
