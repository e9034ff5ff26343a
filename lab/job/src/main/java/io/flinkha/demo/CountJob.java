package io.flinkha.demo;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Counts records per key and writes each record exactly once.
 *
 * <p>Arguments: {@code --dir} (where it writes), {@code --records}, {@code --rate} (per second,
 * until the file {@code drain} appears in the directory; then as fast as it goes), {@code --keys},
 * {@code --parallelism}, {@code --count-uid} (another one is another operator to Flink), {@code
 * --second-main throws} (where main() runs again), {@code --execute async}, {@code twice} or {@code
 * forever} (main() does not return), {@code --exit-before} and {@code --exit-after} (a code for
 * System.exit, before or after the job was submitted), {@code --coordinated yes}. A file {@code
 * fail} makes the task that sees it first take it away and fail; while there is a file {@code
 * stall} no task acknowledges a checkpoint, and while there is a file {@code block} the JobMaster's
 * main thread stands still, in a job that is coordinated. What it leaves in the directory: {@code
 * main-runs} (a line for each run of main()), {@code out} (lines {@code id key count}, committed
 * with checkpoints), {@code pulse} (times at which records were processed, not part of any
 * checkpoint).
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
        // Two, whatever the cluster's default is: the laboratory counts the tasks.
        environment.setParallelism((int) arguments.number("parallelism", 2));
        // Records that wait in a network buffer would blur the times at which they are processed.
        environment.setBufferTimeout(5);
        exit(arguments, "exit-before");
        DataStream<Long> numbers =
                environment
                        .fromSource(
                                Ends.numbers(directory, records, arguments.decimal("rate", 200)),
                                WatermarkStrategy.noWatermarks(),
                                "numbers")
                        .uid("numbers");
        if (arguments.text("coordinated", "no").equals("yes")) {
            numbers =
                    numbers.transform(
                                    "coordinated",
                                    Types.LONG,
                                    new CoordinatedMap(directory.resolve("block").toString()))
                            .uid("coordinated");
        }
        numbers.keyBy(number -> (int) (number % keys), Types.INT)
                .process(
                        new CountPerKey(
                                directory.resolve("pulse").toString(),
                                directory.resolve("fail").toString(),
                                directory.resolve("stall").toString()))
                .name("count per key")
                .uid(arguments.text("count-uid", "count-per-key"))
                .sinkTo(Ends.lines(directory))
                .name("files")
                .uid("files");
        switch (arguments.text("execute", "once")) {
            case "async":
                var unused = environment.executeAsync("count-job");
                exit(arguments, "exit-after");
                return;
            case "forever":
                unused = environment.executeAsync("count-job");
                new CountDownLatch(1).await();
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

    /** As jobs do that are not only jobs. */
    private static void exit(JobArguments arguments, String when) {
        String code = arguments.text(when, "");
        if (!code.isEmpty()) {
            System.exit(Integer.parseInt(code));
        }
    }
}
