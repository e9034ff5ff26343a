package io.flinkha.flink.watchdog;

import io.flinkha.flink.process.Run;
import io.flinkha.flink.rest.JobQuery;
import io.flinkha.flink.rest.RestEndpoint;
import io.flinkha.flink.rest.RestError;
import io.flinkha.flink.savepoint.CheckpointsView;
import java.io.IOException;
import java.util.OptionalLong;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Within how long the job is to complete a checkpoint, by what it says of itself: user code may
 * have set what no configuration shows.
 */
final class Progress {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

    /** Flink's words. */
    private static final String NOT_ENABLED = "Checkpointing is not enabled";

    /** One that failed more than is tolerated, and the one that comes after. */
    private static final int MORE_THAN_TOLERATED = 2;

    private final RestEndpoint rest;
    private final CheckpointsView checkpoints;
    private volatile OptionalLong bound = OptionalLong.empty();
    private volatile boolean stopping;

    Progress(RestEndpoint rest, CheckpointsView checkpoints) {
        this.rest = rest;
        this.checkpoints = checkpoints;
    }

    void look(Run run) {
        try {
            if (bound.isEmpty()) {
                long millis = ask(run);
                LOG.info("A checkpoint is to complete within {} ms (0: none is).", millis);
                bound = OptionalLong.of(millis);
            }
            stopping = bound.getAsLong() > 0 && checkpoints.isStopping(run);
        } catch (IOException e) {
            LOG.debug("What was known of the job's checkpoints stays ({}).", e.toString());
        }
    }

    private long ask(Run run) throws IOException {
        try {
            return bound(rest.ask(JobQuery.CHECKPOINT_SETTINGS, run.jobId()));
        } catch (RestError e) {
            if (e.isMissing(NOT_ENABLED)) {
                return 0;
            }
            throw e;
        }
    }

    /**
     * A longer pause between two of them is what Flink takes for their interval; the longest
     * interval that there is means none, and a bound beyond all numbers is none.
     */
    private static long bound(JsonNode settings) throws IOException {
        long interval = number(settings, "interval");
        long pause = settings.path("min_pause").asLong(0);
        long longest = Math.max(Math.max(interval, pause), number(settings, "timeout"));
        long tolerable = Math.max(0, number(settings, "tolerable_failed_checkpoints"));
        long times = tolerable + MORE_THAN_TOLERATED;
        return longest > Long.MAX_VALUE / times ? 0 : longest * times;
    }

    private static long number(JsonNode settings, String field) throws IOException {
        JsonNode value = settings.path(field);
        if (!value.isIntegralNumber()) {
            throw new IOException("no " + field + " in " + settings);
        }
        return value.asLong();
    }

    /** Nothing while it is not known; 0 while no checkpoint is to complete. */
    OptionalLong millis() {
        return stopping ? OptionalLong.of(0) : bound;
    }
}
