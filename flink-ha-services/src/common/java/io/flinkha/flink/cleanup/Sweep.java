package io.flinkha.flink.cleanup;

import io.flinkha.flink.agent.Pointer;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.state.StateStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what a killed JobManager left in the run's checkpoint directory.
 *
 * <p>No clocks: the files are listed before this process can trigger its first checkpoint. Whatever
 * of that list is referenced neither by a recovered checkpoint nor by one that the manifest names
 * after this process's first own one, belongs to a checkpoint that nobody will complete. Files that
 * appear later are never touched. In doubt nothing is deleted; every failure is a warning.
 */
public final class Sweep implements CleanUp.Deletion {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final Pattern CHECKPOINT = Pattern.compile("chk-\\d+");
    private static final String SHARED = "shared";

    /** The first checkpoint waits for the list; a slow storage costs the sweep, not checkpoints. */
    private static final long LISTING_SECONDS = 30;

    private final @Nullable Path directory;
    private final Consumer<Runnable> thread;
    private final StateStorage storage;
    private final CountDownLatch listing = new CountDownLatch(1);

    private final List<Path> files = new ArrayList<>();
    private final List<Path> directories = new ArrayList<>();
    private volatile boolean over;

    private Sweep(@Nullable Path directory, Consumer<Runnable> thread, BooleanSupplier mayDelete) {
        this.directory = directory;
        this.thread = thread;
        this.storage = new StateStorage(mayDelete);
        if (directory == null) {
            leaveAll();
        }
    }

    /**
     * The sweep of a resumed run that has a checkpoint of its own, whose place tells the run's
     * directory. Only one named after the job is this run's alone.
     */
    public static Sweep of(Run run, Consumer<Runnable> thread, BooleanSupplier mayDelete) {
        List<Pointer> own = run.start().checkpoints();
        if (!run.isResume() || own.isEmpty()) {
            return none();
        }
        Path directory = new Path(own.get(own.size() - 1).path()).getParent();
        boolean runsOwn =
                directory != null && directory.getName().equals(run.jobId().toHexString());
        return new Sweep(runsOwn ? directory : null, thread, mayDelete);
    }

    public static Sweep none() {
        return new Sweep(null, Runnable::run, () -> false);
    }

    public void startListing() {
        if (!over) {
            thread.accept(this::list);
        }
    }

    /** Called before the first checkpoint id is given out, so before any file of it exists. */
    public void awaitListing() throws InterruptedException {
        if (listing.getCount() > 0 && !listing.await(LISTING_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("Listing {} takes too long, what is left there stays.", directory);
            leaveAll();
        }
    }

    @Override
    public void start(CompletedCheckpoint first, Set<Path> referenced) {
        if (!over) {
            over = true;
            Set<String> keep = new HashSet<>();
            referenced.forEach(file -> keep.add(name(file)));
            thread.accept(() -> delete(keep));
        }
    }

    private void leaveAll() {
        over = true;
        listing.countDown();
    }

    private void list() {
        try {
            Path root = root();
            for (FileStatus entry : StateStorage.entries(root)) {
                String name = entry.getPath().getName();
                if (entry.isDir() && CHECKPOINT.matcher(name).matches()) {
                    directories.add(entry.getPath());
                    listFiles(entry.getPath());
                } else if (entry.isDir() && name.equals(SHARED)) {
                    listFiles(entry.getPath());
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Cannot list {}, what is left there stays.", directory, e);
            over = true;
        } finally {
            listing.countDown();
        }
    }

    private void listFiles(Path from) throws IOException {
        for (FileStatus entry : StateStorage.entries(from)) {
            if (!entry.isDir()) {
                files.add(entry.getPath());
            }
        }
    }

    private void delete(Set<String> keep) {
        int deleted = 0;
        try {
            for (Path file : files) {
                if (!keep.contains(name(file)) && storage.delete(file)) {
                    deleted++;
                }
            }
            for (Path checkpoint : directories) {
                storage.deleteIfEmpty(checkpoint);
            }
            LOG.info(
                    "Swept {}: {} of {} files that were there at the start belong to no checkpoint"
                            + " any more and are deleted.",
                    directory,
                    deleted,
                    files.size());
        } catch (IOException | RuntimeException e) {
            LOG.warn("Sweeping {} ended early, after {} files.", directory, deleted, e);
        }
    }

    private String name(Path file) {
        return StateStorage.name(file, root().getName());
    }

    private Path root() {
        if (directory == null) {
            throw new IllegalStateException("there is no directory to sweep");
        }
        return directory;
    }
}
