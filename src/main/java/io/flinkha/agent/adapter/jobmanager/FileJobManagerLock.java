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
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code jm.lock}. The kernel owns the lock: it falls with the process, however that ends, and with
 * nothing else (R8).
 *
 * <p>The file is opened once. On POSIX, closing any descriptor of a file drops all locks that the
 * process has on it.
 */
public final class FileJobManagerLock implements JobManagerLock {
    private static final int MAX_CONTENT = 128;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

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
        ByteBuffer content = ByteBuffer.allocate(MAX_CONTENT);
        channel.read(content, 0);
        List<String> lines =
                new String(content.array(), 0, content.position(), StandardCharsets.UTF_8)
                        .lines()
                        .map(String::strip)
                        .toList();
        String start = lines.size() > 1 ? lines.get(1) : "";
        return new Lock.Held(
                lines.isEmpty() ? "" : lines.getFirst(),
                NUMBER.matcher(start).matches() ? Long.parseLong(start) : 0);
    }
}
