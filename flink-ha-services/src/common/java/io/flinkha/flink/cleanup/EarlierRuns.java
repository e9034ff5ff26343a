package io.flinkha.flink.cleanup;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.agent.EarlierRun;
import io.flinkha.flink.agent.GateClosedException;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.state.MetadataFile;
import io.flinkha.flink.state.StateFiles;
import io.flinkha.flink.state.StateStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the files of earlier runs, by mark and sweep.
 *
 * <p>Marked is what an own checkpoint or the kept state of an earlier run refers to: a claimed
 * run's files may be in use long after it. Swept is all else below the earlier runs' own
 * directories. If a mark is in doubt nothing is deleted, and the next process asks again.
 */
public final class EarlierRuns implements CleanUp.Deletion {
    private static final Logger LOG = LoggerFactory.getLogger(EarlierRuns.class);

    private static final String SAVEPOINT = "savepoint-";
    private static final String TASK_OWNED =
            AbstractFsCheckpointStorageAccess.CHECKPOINT_TASK_OWNED_STATE_DIR;

    private final Agent agent;
    private final Run run;
    private final BooleanSupplier mayDelete;
    private final Consumer<JobID> blobs;
    private final Consumer<Runnable> thread;
    private final StateStorage storage;

    /**
     * @param blobs deletes the blobs of a job
     */
    public EarlierRuns(
            Agent agent,
            Run run,
            BooleanSupplier mayDelete,
            Consumer<JobID> blobs,
            Consumer<Runnable> thread) {
        this.agent = agent;
        this.run = run;
        this.mayDelete = mayDelete;
        this.blobs = blobs;
        this.thread = thread;
        this.storage = new StateStorage(mayDelete);
    }

    @Override
    public void start(CompletedCheckpoint first, Set<Path> referenced) {
        Path own = new Path(first.getExternalPointer()).getParent();
        thread.accept(() -> {
            try {
                sweepAll(own, referenced);
            } catch (AgentRefusal
                    | GateClosedException
                    | IOException
                    | StateFiles.UnknownStateException
                    | RuntimeException e) {
                LOG.warn("The files of earlier runs stay for now: {}", e.toString());
            }
        });
    }

    private void sweepAll(Path own, Set<Path> referenced)
            throws AgentRefusal,
                    GateClosedException,
                    IOException,
                    StateFiles.UnknownStateException {
        List<EarlierRun> runs = agent.earlierRuns(run.grant());
        Set<Path> marked = new HashSet<>(referenced);
        for (EarlierRun earlier : runs) {
            mark(earlier, marked);
        }
        List<JobID> swept = new ArrayList<>();
        for (EarlierRun earlier : runs) {
            if (sweep(earlier, own, marked)) {
                swept.add(earlier.jobId());
            }
        }
        if (!swept.isEmpty()) {
            agent.swept(run.grant(), swept);
        }
    }

    private void mark(EarlierRun earlier, Set<Path> marked)
            throws IOException, StateFiles.UnknownStateException {
        if (earlier.jobId().equals(run.jobId())) {
            throw new IOException("the agent takes the current run for an earlier one");
        }
        if (!earlier.isKept() || earlier.path().isEmpty()) {
            return;
        }
        MetadataFile.Reading reading =
                MetadataFile.ofRestorePath(earlier.path(), getClass().getClassLoader());
        switch (reading.outcome()) {
            case READ:
                marked.add(reading.file());
                marked.addAll(StateFiles.of(reading.content()));
                return;
            case NOT_FOUND:
                LOG.warn("Nothing of earlier run {} can be kept: {}", earlier.jobId(), reading);
                return;
            case UNREADABLE:
            case UNREACHABLE:
                throw new IOException(reading.toString());
        }
    }

    /** Says whether it is done with that run. */
    private boolean sweep(EarlierRun earlier, Path own, Set<Path> marked) {
        String jobId = earlier.jobId().toHexString();
        Set<String> keep = new HashSet<>();
        marked.forEach(file -> keep.add(StateStorage.name(file, jobId)));
        Sweeping sweeping = new Sweeping(jobId, keep);
        try {
            for (Path directory : earlier.directories(own, run.jobId())) {
                sweeping.empty(directory);
            }
            if (!earlier.isKept() && mayDelete.getAsBoolean()) {
                blobs.accept(earlier.jobId());
            }
            LOG.info(
                    "Swept earlier run {}: {} files are deleted, {} are kept or still in use.",
                    jobId,
                    sweeping.deleted,
                    sweeping.left);
            // What this run still uses of a claimed one is looked at again by the next process.
            return sweeping.left == 0 || earlier.isKept();
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "Sweeping earlier run {} ended early, after {} files.",
                    jobId,
                    sweeping.deleted,
                    e);
            return false;
        }
    }

    /** The files of one run. */
    private final class Sweeping {
        private final String jobId;
        private final Set<String> keep;
        private int deleted;
        private int left;

        Sweeping(String jobId, Set<String> keep) {
            this.jobId = jobId;
            this.keep = keep;
        }

        /** Deletes what is not marked, and the directory if nothing is left in it. */
        private void empty(Path directory) throws IOException {
            for (FileStatus entry : StateStorage.entries(directory)) {
                Path path = entry.getPath();
                if (entry.isDir() && path.getName().equals(TASK_OWNED)) {
                    // Handles of these may hide in an operator's own state, where no mark sees
                    // them (write-ahead sinks).
                    storage.deleteIfEmpty(path);
                } else if (entry.isDir()) {
                    // A savepoint that somebody took to here is theirs.
                    if (!path.getName().startsWith(SAVEPOINT)) {
                        empty(path);
                    }
                } else if (keep.contains(StateStorage.name(path, jobId))) {
                    left++;
                } else if (storage.delete(path)) {
                    deleted++;
                }
            }
            storage.deleteIfEmpty(directory);
        }
    }
}
