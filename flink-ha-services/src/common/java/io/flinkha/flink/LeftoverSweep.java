package io.flinkha.flink;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
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
final class LeftoverSweep {
    private static final Logger LOG = LoggerFactory.getLogger(LeftoverSweep.class);
    private static final Pattern CHECKPOINT = Pattern.compile("chk-\\d+");
    private static final String SHARED = "shared";

    /** The first checkpoint waits for the list; a slow storage costs the sweep, not checkpoints. */
    private static final long LISTING_SECONDS = 30;

    private final @Nullable Path directory;
    private final Consumer<Runnable> thread;
    private final BooleanSupplier mayDelete;
    private final CountDownLatch listing = new CountDownLatch(1);

    /** What the checkpoints that could be read refer to. */
    private final Map<Long, Set<String>> referenced = new HashMap<>();

    private final List<Path> files = new ArrayList<>();
    private final List<Path> directories = new ArrayList<>();
    private volatile boolean over;

    private LeftoverSweep(
            @Nullable Path directory, Consumer<Runnable> thread, BooleanSupplier mayDelete) {
        this.directory = directory;
        this.thread = thread;
        this.mayDelete = mayDelete;
        if (directory == null) {
            giveUp();
        }
    }

    /**
     * The sweep of a resumed run that has a checkpoint of its own, whose place tells the run's
     * directory. Only one named after the job is this run's alone.
     */
    static LeftoverSweep of(Run run, Consumer<Runnable> thread, BooleanSupplier mayDelete) {
        List<Pointer> own = run.plan().checkpoints();
        if (!run.isResume() || own.isEmpty()) {
            return none();
        }
        Path directory = new Path(own.get(own.size() - 1).path()).getParent();
        boolean runsOwn =
                directory != null && directory.getName().equals(run.jobId().toHexString());
        return new LeftoverSweep(runsOwn ? directory : null, thread, mayDelete);
    }

    static LeftoverSweep none() {
        return new LeftoverSweep(null, Runnable::run, () -> false);
    }

    /** Starts listing. */
    void start() {
        if (!over) {
            thread.accept(this::list);
        }
    }

    /** Called before the first checkpoint id is given out, so before any file of it exists. */
    void awaitListing() throws InterruptedException {
        if (listing.getCount() > 0 && !listing.await(LISTING_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("Listing {} takes too long, its leftovers stay.", directory);
            giveUp();
        }
    }

    /** A checkpoint that was rebuilt, while nothing of it can have been discarded yet. */
    void recovered(CompletedCheckpoint checkpoint) {
        note(checkpoint);
    }

    /** An own checkpoint was committed, and these are named now. The first one starts the sweep. */
    void acknowledged(CompletedCheckpoint checkpoint, List<Long> named) {
        if (over) {
            return;
        }
        note(checkpoint);
        for (Long id : named) {
            if (!referenced.containsKey(id)) {
                LOG.warn(
                        "Leftovers in {} stay: it is not known what checkpoint {} refers to.",
                        directory,
                        id);
                giveUp();
                return;
            }
        }
        over = true;
        // The recovered ones included: what the commit dropped of those, Flink itself deletes.
        Set<String> keep = new HashSet<>();
        referenced.values().forEach(keep::addAll);
        thread.accept(() -> delete(keep));
    }

    private void note(CompletedCheckpoint checkpoint) {
        if (over) {
            return;
        }
        try {
            Set<String> names = new HashSet<>();
            for (Path file : StateFiles.of(checkpoint)) {
                names.add(name(file));
            }
            referenced.put(checkpoint.getCheckpointID(), names);
        } catch (StateFiles.UnknownStateException e) {
            LOG.warn("Leftovers in {} stay: there is {}.", directory, e.getMessage());
            giveUp();
        }
    }

    private void giveUp() {
        over = true;
        listing.countDown();
    }

    private void list() {
        try {
            Path root = root();
            FileSystem storage = root.getFileSystem();
            for (FileStatus entry : entries(storage, root)) {
                String name = entry.getPath().getName();
                if (entry.isDir() && CHECKPOINT.matcher(name).matches()) {
                    directories.add(entry.getPath());
                    listFiles(storage, entry.getPath());
                } else if (entry.isDir() && name.equals(SHARED)) {
                    listFiles(storage, entry.getPath());
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Cannot list {}, its leftovers stay.", directory, e);
            over = true;
        } finally {
            listing.countDown();
        }
    }

    private void listFiles(FileSystem storage, Path from) throws IOException {
        for (FileStatus entry : entries(storage, from)) {
            if (!entry.isDir()) {
                files.add(entry.getPath());
            }
        }
    }

    private void delete(Set<String> keep) {
        int deleted = 0;
        try {
            FileSystem storage = root().getFileSystem();
            for (Path file : files) {
                if (!keep.contains(name(file)) && deleted(storage, file)) {
                    deleted++;
                }
            }
            for (Path checkpoint : directories) {
                if (entries(storage, checkpoint).length == 0) {
                    var unused = deleted(storage, checkpoint);
                }
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

    private boolean deleted(FileSystem storage, Path path) throws IOException {
        if (!mayDelete.getAsBoolean()) {
            throw new IOException("the gate is closed");
        }
        return storage.delete(path, false);
    }

    /**
     * A file's name below the run's directory. Not the whole path: one file may be written as
     * s3://b/x and s3a://b/x, and a mismatch would make a referenced file look like garbage.
     */
    private String name(Path file) {
        String path = file.toUri().getPath();
        String marker = "/" + root().getName() + "/";
        int at = path.lastIndexOf(marker);
        return at < 0 ? path : path.substring(at + marker.length());
    }

    private Path root() {
        if (directory == null) {
            throw new IllegalStateException("there is no directory to sweep");
        }
        return directory;
    }

    private static FileStatus[] entries(FileSystem storage, Path directory) throws IOException {
        try {
            FileStatus[] entries = storage.listStatus(directory);
            return entries == null ? new FileStatus[0] : entries;
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }
}
