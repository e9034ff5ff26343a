package io.flinkha.lab.local;

import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.process.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A real S3 server of this bench, its objects as files below {@link #bucket}, and what a cluster
 * must be told to keep all of its state there.
 */
public record ObjectStorage(Child server, int port, Path directory) {
    public static final String BUCKET = "flink";
    public static final String KEY = "flink-ha";
    public static final String SECRET = "flink-ha-secret";

    static ObjectStorage start(Workbench bench, Path directory, String secret) {
        int port = Ports.free();
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-jar",
                        bench.project().objectStore().toString(),
                        directory.toString(),
                        BUCKET,
                        Integer.toString(port),
                        KEY,
                        secret);
        Child server = bench.start("s3", command, Map.of(), Path.of("").toAbsolutePath());
        Await.until("the S3 server", Duration.ofSeconds(30), () -> Ports.answers(port));
        return new ObjectStorage(server, port, directory);
    }

    public Path bucket() {
        return directory.resolve(BUCKET);
    }

    /** Another server over the same objects, which knows other credentials. */
    public ObjectStorage withSecret(Workbench bench, String secret) {
        return start(bench, directory, secret);
    }

    /** Credentials in AWS' own format, as a mounted Secret gives them. */
    public static void writeCredentials(Path file, String secret) {
        var unused =
                Directories.write(
                        file,
                        """
                        [default]
                        aws_access_key_id = %s
                        aws_secret_access_key = %s
                        """
                                .formatted(KEY, secret));
    }

    public String uri() {
        return "s3://" + BUCKET;
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /**
     * Plans, copies of the manifest, checkpoints, savepoints and blobs: nothing is left on a disk.
     */
    public ApplicationSpec holds(ApplicationSpec spec) {
        String place = uri() + "/default/" + spec.clusterId();
        return spec.withAgent("FLINK_HA_STORAGE_URI", uri())
                .withAgent("FLINK_HA_STORAGE_ENDPOINT", endpoint())
                .withAgent("FLINK_HA_STORAGE_REGION", "us-east-1")
                .withAgent("AWS_ACCESS_KEY_ID", KEY)
                .withAgent("AWS_SECRET_ACCESS_KEY", SECRET)
                .withFlink("high-availability.storageDir", place + "/flink")
                .withFlink("execution.checkpointing.dir", place + "/checkpoints")
                .withFlink("execution.checkpointing.savepoint-dir", place + "/savepoints")
                .withFlink(ApplicationSpec.S3_ENDPOINT, endpoint())
                .withFlink("s3.path.style.access", "true")
                .withFlink("s3.region", "us-east-1")
                .withFlink("s3.access-key", KEY)
                .withFlink("s3.secret-key", SECRET);
    }
}
