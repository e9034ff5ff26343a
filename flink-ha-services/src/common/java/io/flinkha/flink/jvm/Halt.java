package io.flinkha.flink.jvm;

/**
 * Ends this JVM at once, without shutdown hooks.
 *
 * <p>A graceful end would cancel the tasks, publish empty leader addresses and delete checkpoint
 * files. After a lost leadership all of that belongs to the next leader.
 */
public interface Halt {
    /** A start that failed and may be tried again. */
    int FAILED_START = 1;

    /** The gate is closed: leadership lost, fenced, or the agent was away for too long. */
    int GATE_CLOSED = 75;

    /** The state to start from cannot be found or read. Trying again does not help. */
    int REFUSED = 78;

    /** SIGTERM, as the JVM's own shutdown would say it. */
    int TERMINATED = 143;

    /**
     * Ends the JVM. It returns only in tests; the caller throws what it returns, so that the code
     * behind it never runs.
     */
    Halted now(int code, String why);

    /** Thrown where a halt returned, which only a test's does. */
    final class Halted extends Error {
        private static final long serialVersionUID = 1L;

        public Halted(int code, String why) {
            super("halted with " + code + ": " + why);
        }
    }
}
