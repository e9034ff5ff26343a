package io.flinkha.store;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * S3Proxy over a directory, until it is killed: {@code <directory> <bucket> <port> <identity>
 * <credential>}. Port 0 is a free one; the address is printed as soon as it answers. It answers on
 * loopback only.
 */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 5) {
            System.err.println("Give directory, bucket, port, identity and credential.");
            System.exit(2);
        }
        Logger.getLogger("").setLevel(Level.WARNING);
        Files.createDirectories(Path.of(args[0], args[1]));
        S3Proxy server =
                S3Proxy.builder()
                        .blobStore(new FilesystemNio2BlobStore(args[0]))
                        .endpoint(URI.create("http://127.0.0.1:" + Integer.parseInt(args[2])))
                        .awsAuthentication(AuthenticationType.AWS_V4, args[3], args[4])
                        .build();
        server.start();
        System.out.println("http://127.0.0.1:" + server.getPort());
    }
}
