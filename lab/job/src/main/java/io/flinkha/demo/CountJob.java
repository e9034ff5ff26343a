package io.flinkha.demo;

import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Counts records per key and writes each record exactly once.
 *
 * <p>Arguments: {@code --dir} (where it writes), {@code --records}, {@code --rate} (per second,
 * until the file {@code drain} appears in the directory; then as fast as it goes), {@code --keys},
 * {@code --parallelism}, {@code --count-uid} (another one is another operator to Flink), {@code
 * --second-main throws} (where main() runs again), {@code --execute async} or {@code twice}. A file
 * {@code fail} makes the task that sees it first take it away and fail. What it leaves in the
 * directory: {@code main-runs} (a line for each run of main()), {@code out} (lines {@code id key
 * count}, committed with checkpoints), {@code pulse} (times at which records were processed, not
 * part of any checkpoint).
 */
public final class CountJob {
    private CountJob() {}

    public static void main(String[] args) throws Exception {
        JobArguments arguments = JobArguments.of(args);
        Path directory = Path.of(arguments.required("dir"));
        long records = arguments.number("records", 200_000);
        int keys = (int) arguments.number("keys", 500);
        int run = MainRuns.record(directory, args);
        if (run > 1 && arguments.text("second-main", "runs").equals("throws")) {
            throw new IllegalStateException("main() ran again");
        }

        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        // Two, whatever the cluster's default is: the harness counts the tasks.
        environment.setParallelism((int) arguments.number("parallelism", 2));
        // Records that wait in a network buffer would blur the times at which they are processed.
        environment.setBufferTimeout(5);
        environment
                .fromSource(
                        Ends.numbers(directory, records, arguments.decimal("rate", 200)),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .uid("numbers")
                .keyBy(number -> (int) (number % keys), Types.INT)
                .process(
                        new CountPerKey(
                                directory.resolve("pulse").toString(),
                                directory.resolve("fail").toString()))
                .name("count per key")
                .uid(arguments.text("count-uid", "count-per-key"))
                .sinkTo(Ends.lines(directory))
                .name("files")
                .uid("files");
        switch (arguments.text("execute", "once")) {
            case "async":
                var unused = environment.executeAsync("count-job");
                return;
            case "twice":
                unused = environment.executeAsync("count-job");
                environment.fromData(1).print();
                environment.execute("second-job");
                return;
            default:
                environment.execute("count-job");
        }
    }
}
