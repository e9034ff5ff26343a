package io.flinkha.demo;

import java.nio.file.Path;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/** Where the demo's records come from and go to. */
final class Ends {
    private Ends() {}

    /** The numbers below {@code records}, at that rate until the directory says drain. */
    static DataGeneratorSource<Long> numbers(Path directory, long records, double perSecond) {
        GeneratorFunction<Long, Long> sameNumber = index -> index;
        return new DataGeneratorSource<>(
                sameNumber,
                records,
                new DrainableRate<>(perSecond, directory.resolve("drain").toString()),
                Types.LONG);
    }

    /** Lines, committed with checkpoints. */
    static FileSink<String> lines(Path directory) {
        return FileSink.forRowFormat(
                        new org.apache.flink.core.fs.Path(directory.resolve("out").toUri()),
                        new SimpleStringEncoder<String>())
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                .build();
    }
}
