package io.flinkha.lab.local;

import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Project;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster is to be like; the rest is the same for all.
 *
 * @param flink settings of Flink's, for JobManager and TaskManagers
 * @param agent environment of the agent
 * @param oneCore whether the JobManager has one core only
 * @param entryPoint arguments of Flink's entry point, before those of the job
 * @param beforeAgent words before the agent's own command line
 * @param distribution whose scripts start Flink; without one it is the class path of the newest
 *     line that the build puts together
 */
public record ApplicationSpec(
        Side side,
        String clusterId,
        FlinkJob job,
        Map<String, String> flink,
        Map<String, String> agent,
        boolean oneCore,
        List<String> entryPoint,
        List<String> beforeAgent,
        @Nullable FlinkDistribution distribution) {

    static final String S3_ENDPOINT = "s3.endpoint";

    /** Where Flink finds file systems that are no part of it. */
    Map<String, String> plugins(Project project) {
        return flink.containsKey(S3_ENDPOINT)
                ? Map.of("FLINK_PLUGINS_DIR", project.flinkPlugins().toString())
                : Map.of();
    }

    public static ApplicationSpec of(Side side, String clusterId, FlinkJob job) {
        return new ApplicationSpec(
                side, clusterId, job, Map.of(), Map.of(), false, List.of(), List.of(), null);
    }

    /** The same under another high availability. */
    public ApplicationSpec withSide(Side other) {
        return new ApplicationSpec(
                other,
                clusterId,
                job,
                flink,
                agent,
                oneCore,
                entryPoint,
                beforeAgent,
                distribution);
    }

    public ApplicationSpec withJob(FlinkJob other) {
        return new ApplicationSpec(
                side,
                clusterId,
                other,
                flink,
                agent,
                oneCore,
                entryPoint,
                beforeAgent,
                distribution);
    }

    public ApplicationSpec withFlink(String key, String value) {
        return new ApplicationSpec(
                side,
                clusterId,
                job,
                with(flink, key, value),
                agent,
                oneCore,
                entryPoint,
                beforeAgent,
                distribution);
    }

    public ApplicationSpec withAgent(String key, String value) {
        return new ApplicationSpec(
                side,
                clusterId,
                job,
                flink,
                with(agent, key, value),
                oneCore,
                entryPoint,
                beforeAgent,
                distribution);
    }

    /** Its program is started by another one, and so are its commands. */
    public ApplicationSpec withBeforeAgent(List<String> words) {
        return new ApplicationSpec(
                side, clusterId, job, flink, agent, oneCore, entryPoint, words, distribution);
    }

    public ApplicationSpec withOneCore() {
        return new ApplicationSpec(
                side, clusterId, job, flink, agent, true, entryPoint, beforeAgent, distribution);
    }

    public ApplicationSpec withEntryPoint(String... arguments) {
        return new ApplicationSpec(
                side,
                clusterId,
                job,
                flink,
                agent,
                oneCore,
                List.of(arguments),
                beforeAgent,
                distribution);
    }

    public ApplicationSpec withDistribution(FlinkDistribution other) {
        return new ApplicationSpec(
                side, clusterId, job, flink, agent, oneCore, entryPoint, beforeAgent, other);
    }

    /** The JobManager of a session cluster in the application's place. */
    public ApplicationSpec asSession() {
        return withDistribution(Objects.requireNonNull(distribution).asSession());
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> more = new HashMap<>(map);
        more.put(key, value);
        return Map.copyOf(more);
    }
}
