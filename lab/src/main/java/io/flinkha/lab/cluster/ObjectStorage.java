package io.flinkha.lab.cluster;

import io.flinkha.lab.Await;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.process.ChildSpec;
import io.flinkha.lab.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

    static ObjectStorage start(Bench bench, Path directory, String secret) {
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
        Child server =
                bench.supervisor()
                        .start(
                                new ChildSpec(
                                        "s3",
                                        command,
                                        Map.of(),
                                        Path.of("").toAbsolutePath(),
                                        directory.resolveSibling("log"),
                                        ChildSpec.Restart.NEVER));
        Await.until("the S3 server", Duration.ofSeconds(30), () -> Ports.answers(port));
        return new ObjectStorage(server, port, directory);
    }

    public Path bucket() {
        return directory.resolve(BUCKET);
    }

    /** Another server over the same objects, which knows other credentials. */
    public ObjectStorage withSecret(Bench bench, String secret) {
        return start(bench, directory, secret);
    }

    /** Credentials in AWS' own format, as a mounted Secret gives them. */
    public static void writeCredentials(Path file, String secret) {
        try {
            Files.writeString(
                    file,
                    """
                    [default]
                    aws_access_key_id = %s
                    aws_secret_access_key = %s
                    """
                            .formatted(KEY, secret));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
    public ClusterSpec holds(ClusterSpec spec) {
        String place = uri() + "/default/" + spec.clusterId();
        return spec.withAgent("FLINK_HA_STORAGE_URI", uri())
                .withAgent("FLINK_HA_STORAGE_ENDPOINT", endpoint())
                .withAgent("FLINK_HA_STORAGE_REGION", "us-east-1")
                .withAgent("AWS_ACCESS_KEY_ID", KEY)
                .withAgent("AWS_SECRET_ACCESS_KEY", SECRET)
                .withFlink("high-availability.storageDir", place + "/flink")
                .withFlink("execution.checkpointing.dir", place + "/checkpoints")
                .withFlink("execution.checkpointing.savepoint-dir", place + "/savepoints")
                .withFlink(ClusterSpec.S3_ENDPOINT, endpoint())
                .withFlink("s3.path.style.access", "true")
                .withFlink("s3.region", "us-east-1")
                .withFlink("s3.access-key", KEY)
                .withFlink("s3.secret-key", SECRET);
    }
}
