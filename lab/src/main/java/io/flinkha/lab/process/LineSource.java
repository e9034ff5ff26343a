package io.flinkha.lab.process;

import io.flinkha.lab.base.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Says the same line over and over to whoever connects, as {@code nc} does for Flink's examples.
 */
public final class LineSource implements AutoCloseable {
    private final ServerSocket server;
    private final byte[] line;

    private LineSource(ServerSocket server, byte[] line) {
        this.server = server;
        this.line = line;
    }

    public static LineSource open(String line) {
        try {
            LineSource source =
                    new LineSource(
                            new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                            (line + "\n").getBytes(StandardCharsets.UTF_8));
            Thread.ofPlatform().daemon().name("line-source").start(source::accept);
            return source;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket reader = server.accept();
                Thread.ofPlatform().daemon().name("line-source").start(() -> say(reader));
            } catch (IOException e) {
                // Closed: nobody listens any more.
                return;
            }
        }
    }

    private void say(Socket reader) {
        try (reader;
                OutputStream out = reader.getOutputStream()) {
            while (!server.isClosed()) {
                out.write(line);
                out.flush();
                Await.pass(Duration.ofMillis(50));
            }
        } catch (IOException e) {
            // The reader is gone; the next one connects anew.
            return;
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
