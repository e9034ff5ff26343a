package io.flinkha.harness.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a cluster is to be like; the rest is the same for all. */
public record ClusterSpec(
        Kind kind,
        String clusterId,
        Job job,
        Map<String, String> flink,
        Map<String, String> agent,
        List<String> jobManagerPrefix,
        List<String> jobManagerOptions) {

    public static ClusterSpec of(Kind kind, String clusterId, Job job) {
        return new ClusterSpec(kind, clusterId, job, Map.of(), Map.of(), List.of(), List.of());
    }

    /** The same under another high availability. */
    public ClusterSpec withKind(Kind other) {
        return new ClusterSpec(
                other, clusterId, job, flink, agent, jobManagerPrefix, jobManagerOptions);
    }

    public ClusterSpec withJob(Job other) {
        return new ClusterSpec(
                kind, clusterId, other, flink, agent, jobManagerPrefix, jobManagerOptions);
    }

    /** With a setting of Flink's, for JobManager and TaskManagers. */
    public ClusterSpec withFlink(String key, String value) {
        return new ClusterSpec(
                kind,
                clusterId,
                job,
                with(flink, key, value),
                agent,
                jobManagerPrefix,
                jobManagerOptions);
    }

    /** With an environment variable for the agent. */
    public ClusterSpec withAgent(String key, String value) {
        return new ClusterSpec(
                kind,
                clusterId,
                job,
                flink,
                with(agent, key, value),
                jobManagerPrefix,
                jobManagerOptions);
    }

    /** With a JobManager that has one core only. */
    public ClusterSpec withOneCore() {
        return new ClusterSpec(
                kind,
                clusterId,
                job,
                flink,
                agent,
                List.of("taskset", "-c", "0"),
                List.of("-XX:ActiveProcessorCount=1"));
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> more = new HashMap<>(map);
        more.put(key, value);
        return Map.copyOf(more);
    }
}
