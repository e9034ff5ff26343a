package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.ManifestState;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.port.ManifestMirror;
import io.flinkha.agent.port.StorageFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Copies each manifest that this agent committed to the storage, on a thread of its own: a storage
 * that hangs or fails costs the copy and nothing else. Only the newest is worth writing, because
 * Flink deletes the checkpoints that the ones before it name.
 */
public final class MirrorWriter implements LoopListener {
    private static final Logger LOG = Logger.getLogger(MirrorWriter.class);
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final ManifestMirror mirror;
    private final BiFunction<String, Manifest, String> text;
    private final Consumer<Boolean> results;
    private final Duration retry;
    private final BlockingQueue<Manifest> newest = new ArrayBlockingQueue<>(1);
    private final Thread thread = new Thread(this::run, "flink-ha-mirror");

    /** Read and written on the loop's thread only. */
    private @Nullable Manifest handedOver;

    /** Of this thread: what lies in the storage; null until it was asked. */
    private @Nullable NavigableSet<String> copies;

    private boolean failing;

    /**
     * A writer that is not started yet.
     *
     * @param text of a copy, by its name
     * @param results told of each attempt, whether it succeeded
     */
    public MirrorWriter(
            ManifestMirror mirror,
            BiFunction<String, Manifest, String> text,
            Consumer<Boolean> results) {
        this(mirror, text, results, RETRY);
    }

    MirrorWriter(
            ManifestMirror mirror,
            BiFunction<String, Manifest, String> text,
            Consumer<Boolean> results,
            Duration retry) {
        this.mirror = mirror;
        this.text = text;
        this.results = results;
        this.retry = retry;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void stepped(Event event, Transition transition) {
        ManifestState known = transition.state().manifest();
        Manifest committed = known.committed();
        // A manifest that no run stands in is worth nothing. An agent that starts over and over
        // beside a lost manifest would push the good copies out with it.
        if (committed == null
                || committed.run() == null
                || committed.epoch() != known.claimed()
                || committed.equals(handedOver)) {
            return;
        }
        handedOver = committed;
        newest.clear();
        // There is room: nobody else adds.
        newest.add(committed);
    }

    private void run() {
        Manifest failed = null;
        try {
            while (true) {
                Manifest next =
                        failed == null
                                ? newest.take()
                                : newest.poll(retry.toMillis(), TimeUnit.MILLISECONDS);
                Manifest due = next == null ? failed : next;
                failed = due == null || write(due) ? null : due;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Listed once: a bill counts each listing, and there is a copy for each checkpoint. */
    private void deleteOlder(String written) throws IOException {
        if (copies == null) {
            copies = new TreeSet<>(mirror.list());
        }
        copies.add(written);
        // What has a higher name is nobody's copy who led before: it must not push good ones out.
        NavigableSet<String> own = copies.headSet(written, true);
        while (own.size() > ManifestMirror.KEPT) {
            mirror.delete(own.first());
            own.remove(own.first());
        }
    }

    private boolean write(Manifest manifest) {
        boolean done = true;
        try {
            String name = ManifestMirror.name(manifest);
            mirror.put(name, text.apply(name, manifest));
            deleteOlder(name);
        } catch (IOException | RuntimeException e) {
            done = false;
            if (!failing) {
                LOG.warnf(
                        "The copy of the manifest could not be written to the storage, it is tried again: %s",
                        StorageFailure.sentence(e));
            }
        }
        if (done && failing) {
            LOG.info("The copy of the manifest is written to the storage again.");
        }
        failing = !done;
        results.accept(done);
        return done;
    }
}
