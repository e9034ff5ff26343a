package io.flinkha.flink;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says why and calls {@link Runtime#halt}. */
final class JvmHalt implements Halt {
    private static final Logger LOG = LoggerFactory.getLogger(JvmHalt.class);

    /** A log on a full disk or a stuck pipe must not keep a fenced JobManager alive. */
    private static final long LOG_MILLIS = 250;

    @Override
    public Halted now(int code, String why) {
        try {
            Thread line =
                    DaemonThreads.start(
                            "flink-ha-halt",
                            () -> LOG.error("This JVM halts with exit code {}: {}", code, why));
            line.join(LOG_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(code);
        }
        return new Halted(code, why);
    }
}
