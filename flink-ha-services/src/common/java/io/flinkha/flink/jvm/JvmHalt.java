package io.flinkha.flink.jvm;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says why, in the log and to the kubelet, and calls {@link Runtime#halt}. */
public final class JvmHalt implements Halt {
    private static final Logger LOG = LoggerFactory.getLogger(JvmHalt.class);

    /** A log on a full disk or a stuck pipe must not keep a fenced JobManager alive. */
    private static final long LOG_MILLIS = 250;

    private final TerminationMessage message = TerminationMessage.of(System.getenv());

    @Override
    public Halted now(int code, String why) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOG_MILLIS);
        try {
            Thread note = DaemonThreads.start("flink-ha-halt-message", () -> message.write(why));
            Thread line =
                    DaemonThreads.start(
                            "flink-ha-halt",
                            () -> LOG.error("This JVM halts with exit code {}: {}", code, why));
            line.join(LOG_MILLIS);
            TimeUnit.NANOSECONDS.timedJoin(note, deadline - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(code);
        }
        return new Halted(code, why);
    }
}
