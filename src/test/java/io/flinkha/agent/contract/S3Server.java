package io.flinkha.agent.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real S3 server, {@code lab/store}, in a process of its own: its libraries are not ours. */
public final class S3Server implements AutoCloseable {
    public static final URI BUCKET = URI.create("s3://flink");
    public static final Map<String, String> CREDENTIALS =
            Map.of("AWS_ACCESS_KEY_ID", "flink-ha", "AWS_SECRET_ACCESS_KEY", "flink-ha-secret");
    private static final Path JAR = Path.of("lab/store/target/flink-ha-demo-store.jar");

    private final Process process;
    private final String address;

    private S3Server(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    public static S3Server start() throws IOException {
        if (!Files.exists(JAR)) {
            throw new IOException("%s is not there: run `make build` once.".formatted(JAR));
        }
        Path data = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "s3");
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-jar",
                                        JAR.toString(),
                                        data.toString(),
                                        BUCKET.getAuthority(),
                                        "0",
                                        "flink-ha",
                                        "flink-ha-secret"))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        String address = lines.readLine();
        if (address == null) {
            throw new IOException("%s ended before it answered".formatted(JAR));
        }
        return new S3Server(process, address);
    }

    public String address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
