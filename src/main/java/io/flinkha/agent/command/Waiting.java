package io.flinkha.agent.command;

import java.util.concurrent.TimeUnit;

/** Time on this machine. */
public interface Waiting {
    Waiting REAL =
            new Waiting() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public void pause(long millis) throws InterruptedException {
                    TimeUnit.MILLISECONDS.sleep(millis);
                }
            };

    long nanos();

    void pause(long millis) throws InterruptedException;
}
