package io.flinkha.flink.main;

import io.flinkha.flink.process.Run;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A job of the stored one's name, for which Flink 2.3 runs the stored plan. A main() that returned
 * without executing anything would make Flink delete the job's state.
 */
final class StandInJob {
    private StandInJob() {}

    static JobID execute(Run run) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        describe(environment);
        String name = run.resume().orElseThrow().jobName();
        return environment.executeAsync(name).getJobID();
    }

    private static void describe(StreamExecutionEnvironment environment) {
        environment.fromData(1).sinkTo(new DiscardingSink<>());
    }

    /**
     * Builds its graph once and drops it: a JVM that has never built one takes a third of a second.
     */
    static void warmUp() {
        StreamExecutionEnvironment environment =
                new StreamExecutionEnvironment(new Configuration());
        describe(environment);
        var unused = environment.getStreamGraph();
    }
}
