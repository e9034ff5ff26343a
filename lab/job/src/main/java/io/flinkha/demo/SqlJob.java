package io.flinkha.demo;

import java.nio.file.Path;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/** A Table program: counts generated numbers without end. Argument: {@code --dir}. */
public final class SqlJob {
    private SqlJob() {}

    public static void main(String[] args) throws Exception {
        var unused = MainRuns.record(Path.of(JobArguments.of(args).required("dir")));
        TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        tables.executeSql(
                "CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'datagen',"
                        + " 'rows-per-second' = '50', 'fields.n.min' = '0', 'fields.n.max' = '99')");
        tables.executeSql(
                "CREATE TABLE counts (n BIGINT, c BIGINT) WITH ('connector' = 'blackhole')");
        tables.executeSql("INSERT INTO counts SELECT n, COUNT(*) FROM numbers GROUP BY n");
    }
}
