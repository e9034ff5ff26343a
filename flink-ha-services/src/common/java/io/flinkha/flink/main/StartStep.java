package io.flinkha.flink.main;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.Start;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.state.LostState;
import io.flinkha.flink.state.MetadataFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.util.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares a start: writes it into the configuration that Flink reads right after the grant.
 *
 * <p>It is the very instance the entry point, the Dispatcher and the user's environment share, and
 * they read it only after leadership; the settings given on the command line would be too early.
 */
public final class StartStep {
    private static final Logger LOG = LoggerFactory.getLogger(StartStep.class);

    /** Flink's internal key, {@code PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID}. */
    private static final String FIXED_JOB_ID = "$internal.pipeline.job-id";

    private final Agent agent;
    private final Halt halt;

    public StartStep(Agent agent, Halt halt) {
        this.agent = agent;
        this.halt = halt;
    }

    public void apply(Run run, Configuration configuration) throws Exception {
        String fixed = configuration.getString(FIXED_JOB_ID, run.start().jobId());
        if (!fixed.equals(run.start().jobId())) {
            LOG.warn(
                    "The configured job id {} is not used: the agent gives every new run an id of its"
                            + " own ({}), so that two runs never share a checkpoint directory.",
                    fixed,
                    run.start().jobId());
        }
        configuration.setString(FIXED_JOB_ID, run.start().jobId());
        Start start = run.start();
        if (start instanceof Start.Fresh) {
            LOG.info("FRESH: main() runs. Reason: {}.", start.reason());
        } else if (start instanceof Start.Resume) {
            LOG.info(
                    "RESUME: the stored plan of job '{}' runs, main() does NOT. Changed arguments"
                            + " and mounted configuration are not seen. Reason: {}.",
                    ((Start.Resume) start).jobName(),
                    start.reason());
        } else if (start instanceof Start.Restore) {
            restore(run, start.origins(), configuration);
        } else {
            throw new IllegalStateException("no such start: " + start.kind());
        }
    }

    private void restore(Run run, List<Start.Origin> candidates, Configuration configuration)
            throws Exception {
        Start.Origin opened = open(candidates);
        run.restoredFrom(opened.path());
        try {
            var unused = agent.restored(run.grant(), opened.path()).get();
        } catch (ExecutionException e) {
            ExceptionUtils.rethrowException(ExceptionUtils.stripExecutionException(e));
        }
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
                run.start().reason());
    }

    private Start.Origin open(List<Start.Origin> candidates) {
        List<MetadataFile.Reading> lost = new ArrayList<>();
        for (Start.Origin candidate : candidates) {
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
        throw LostState.refuse(halt, lost, candidates.size() == 1);
    }
}
