package io.flinkha.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A file into a bucket, as objects of 4 MiB, and back, with the AWS SDK: {@code <endpoint> <bucket>
 * <identity> <credential> <file>}. It prints the nanoseconds of each way, after a first object that
 * is not counted.
 */
public final class Copy {
    private static final int PART = 4 * 1024 * 1024;
    private static final String KEY = "copy-";

    private final S3Client client;
    private final String bucket;

    private Copy(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 5) {
            System.err.println("Give endpoint, bucket, identity, credential and file.");
            System.exit(2);
        }
        try (S3Client client =
                S3Client.builder()
                        .endpointOverride(URI.create(args[0]))
                        .region(Region.US_EAST_1)
                        .forcePathStyle(true)
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(args[2], args[3])))
                        .build()) {
            Copy copy = new Copy(client, args[1]);
            Path warmUp = Files.createTempFile("copy", null);
            try {
                Files.write(warmUp, new byte[PART]);
                copy.down(copy.up(warmUp));
            } finally {
                Files.delete(warmUp);
            }
            long start = System.nanoTime();
            int count = copy.up(Path.of(args[4]));
            long up = System.nanoTime();
            copy.down(count);
            System.out.println((up - start) + " " + (System.nanoTime() - up));
        }
    }

    /** Answers the number of objects. */
    private int up(Path file) throws IOException {
        int count = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (byte[] part = in.readNBytes(PART); part.length > 0; part = in.readNBytes(PART)) {
                String key = KEY + count++;
                var unused =
                        client.putObject(
                                request -> request.bucket(bucket).key(key),
                                RequestBody.fromBytes(part));
            }
        }
        return count;
    }

    private void down(int count) {
        for (int i = 0; i < count; i++) {
            String key = KEY + i;
            var unused = client.getObjectAsBytes(request -> request.bucket(bucket).key(key));
        }
    }
}
