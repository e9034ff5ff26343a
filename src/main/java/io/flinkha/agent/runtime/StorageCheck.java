package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Notice;
import io.flinkha.agent.port.StorageFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Tries a storage at the start, off the loop, until it is found to be right. What it finds is told
 * and stops nothing: an agent that led before must not lose its lead to a storage that ails.
 */
public final class StorageCheck {
    private static final Logger LOG = Logger.getLogger(StorageCheck.class);
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final SelfTest test;
    private final String place;
    private final Consumer<Notice> notices;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "flink-ha-storage-check");
                thread.setDaemon(true);
                return thread;
            });
    private final Runnable proven;
    private String told = "";

    /** All that is wanted of a storage, tried once. */
    public interface SelfTest {
        /** What is wrong, in a sentence; empty if nothing is. */
        Optional<String> run() throws IOException;
    }

    /**
     * One that is not started yet.
     *
     * @param proven is told once that the storage does all that is wanted of it
     */
    public StorageCheck(SelfTest test, String place, Consumer<Notice> notices, Runnable proven) {
        this.proven = proven;
        this.test = test;
        this.place = place;
        this.notices = notices;
    }

    public void start() {
        thread.execute(this::check);
    }

    private void check() {
        Optional<String> wrong = once();
        if (wrong.isPresent()) {
            var unused = thread.schedule(this::check, RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            proven.run();
            thread.shutdown();
        }
    }

    Optional<String> once() {
        Optional<String> wrong;
        try {
            wrong = test.run();
            // A call that failed was told by whoever watches the calls.
            wrong.filter(sentence -> !sentence.equals(told))
                    .ifPresent(sentence ->
                            notices.accept(
                                    new Notice(Notice.Kind.WARNING, "StorageUnfit", sentence)));
        } catch (IOException | RuntimeException e) {
            wrong = Optional.of(StorageFailure.sentence(e));
        }
        String sentence = wrong.orElse("");
        if (sentence.isEmpty()) {
            LOG.infof("Storage %s: put if absent, get, list and delete work", place);
        } else if (!sentence.equals(told)) {
            LOG.errorf("The storage is not as it must be: %s", sentence);
        }
        told = sentence;
        return wrong;
    }
}
