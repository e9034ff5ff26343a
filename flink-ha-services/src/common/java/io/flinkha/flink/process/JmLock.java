package io.flinkha.flink.process;

import io.flinkha.flink.config.AgentOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.apache.flink.util.FlinkException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exclusive kernel lock on {@code jm.lock}: the agent's only evidence that this process lives
 * (R8).
 *
 * <p>The file is opened once. POSIX drops all locks of a process on a file as soon as the process
 * closes <em>any</em> descriptor of it, so nothing else in this JVM may open it, not even to read.
 *
 * <p>The file names this process; below it, where a supervisor started it, the number of that
 * start: so the agent can have just this process ended.
 */
public final class JmLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JmLock.class);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final String START = "FLINK_HA_START";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final FileChannel channel;
    private final String jm;

    private JmLock(FileChannel channel, String jm) {
        this.channel = channel;
        this.jm = jm;
    }

    /**
     * Takes the lock, for up to {@code patience}: the agent probes it for microseconds at a time.
     */
    public static JmLock take(Path runDir, Duration patience, Map<String, String> environment)
            throws FlinkException {
        Path file = runDir.resolve("jm.lock");
        String jm = UUID.randomUUID().toString();
        String content = jm + start(environment);
        try {
            FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (lock(channel, patience) == null) {
                channel.close();
                throw new FlinkException(
                        "Another JobManager process of this pod still holds "
                                + file
                                + "; it has to end before this one may start.");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), 0);
            channel.force(true);
            LOG.info("This JobManager process is {} and holds {}.", jm, file);
            return new JmLock(channel, jm);
        } catch (IOException e) {
            throw new FlinkException(
                    "Cannot lock "
                            + file
                            + ": mount the directory that the agent shares with this container at "
                            + runDir
                            + " ("
                            + AgentOptions.RUN_DIR.key()
                            + "), writable for this user.",
                    e);
        }
    }

    /** The second line; nothing where no supervisor started this process. */
    private static String start(Map<String, String> environment) {
        String start = environment.getOrDefault(START, "");
        if (NUMBER.matcher(start).matches()) {
            return "\n" + start + "\n";
        }
        if (!start.isEmpty()) {
            LOG.warn(
                    "{} is '{}', which is no number: this process cannot be ended by the number of its"
                            + " start. Leave that variable to the supervisor.",
                    START,
                    start);
        }
        return "";
    }

    public String jm() {
        return jm;
    }

    /** For tests: a real process holds the lock to its end. */
    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static @Nullable FileLock lock(FileChannel channel, Duration patience)
            throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            FileLock lock = attempt(channel);
            if (lock != null || System.nanoTime() - deadline >= 0) {
                return lock;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static @Nullable FileLock attempt(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
