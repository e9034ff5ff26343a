package io.flinkha.demo;

import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Writes its whole keyed state at the end of its input, a line for each key: whatever was lost,
 * repeated or altered in the state on the way shows there.
 *
 * <p>Arguments: {@code --dir}, {@code --records}, {@code --keys}, {@code --rate} (of the source,
 * per second) and {@code --pause-micros} (for each record at the keyed operator, so that its input
 * piles up); both hold until the file {@code drain} appears in the directory. A file {@code fail}
 * is as {@link CountJob}'s.
 */
public final class DigestJob {
    private DigestJob() {}

    public static void main(String[] args) throws Exception {
        JobArguments arguments = JobArguments.of(args);
        Path directory = Path.of(arguments.required("dir"));
        int keys = Integer.parseInt(arguments.required("keys"));
        var unused = MainRuns.record(directory);

        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        environment
                .fromSource(
                        Ends.numbers(
                                directory,
                                Long.parseLong(arguments.required("records")),
                                Double.parseDouble(arguments.required("rate"))),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .uid("numbers")
                .keyBy(number -> (int) (number % keys), Types.INT)
                .process(
                        new DigestPerKey(directory.toString(), arguments.number("pause-micros", 0)))
                .name("digest per key")
                .uid("digest-per-key")
                .sinkTo(Ends.lines(directory))
                .name("files")
                .uid("files");
        environment.execute("digest-job");
    }
}
