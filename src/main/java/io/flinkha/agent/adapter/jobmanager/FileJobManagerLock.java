package io.flinkha.agent.adapter.jobmanager;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.port.JobManagerLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * {@code jm.lock}. The kernel owns the lock: it falls with the process, however that ends, and with
 * nothing else (R8).
 *
 * <p>The file is opened once. On POSIX, closing any descriptor of a file drops all locks that the
 * process has on it.
 */
public final class FileJobManagerLock implements JobManagerLock {
    private static final int MAX_ID = 128;

    private final FileChannel channel;

    public FileJobManagerLock(Path runDir) throws IOException {
        channel =
                FileChannel.open(
                        runDir.resolve("jm.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
    }

    @Override
    public synchronized Lock probe() throws IOException {
        try (FileLock held = channel.tryLock()) {
            if (held != null) {
                return new Lock.Free();
            }
        }
        ByteBuffer content = ByteBuffer.allocate(MAX_ID);
        channel.read(content, 0);
        return new Lock.Held(
                new String(content.array(), 0, content.position(), StandardCharsets.UTF_8).strip());
    }
}
