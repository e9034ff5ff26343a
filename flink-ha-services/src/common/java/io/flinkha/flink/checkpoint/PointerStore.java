package io.flinkha.flink.checkpoint;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.agent.Pointer;
import io.flinkha.flink.agent.Start;
import io.flinkha.flink.cleanup.CleanUp;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.savepoint.SavepointWatch;
import io.flinkha.flink.state.LostState;
import io.flinkha.flink.state.MetadataFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.persistence.IntegerResourceVersion;
import org.apache.flink.runtime.persistence.PossibleInconsistentStateException;
import org.apache.flink.runtime.persistence.StateHandleStore;
import org.apache.flink.runtime.state.RetrievableStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps of a completed checkpoint only where its metadata file lies, in the agent's manifest.
 *
 * <p>Flink deletes the older checkpoint as soon as {@link #addAndLock} returns, and the new one
 * when it throws anything but {@link PossibleInconsistentStateException}. So it returns only after
 * the commit, which dropped the oldest too, and throws otherwise only after a definite refusal
 * (R10, R11).
 */
public final class PointerStore
        implements StateHandleStore<CompletedCheckpoint, IntegerResourceVersion> {
    private static final Logger LOG = LoggerFactory.getLogger(PointerStore.class);

    private final Agent agent;
    private final Halt halt;
    private final Run run;
    private final SavepointWatch savepoints;
    private final int maxRetained;
    private final CleanUp cleanUp;
    private final ClassLoader classes;

    /** Own checkpoints that the manifest names, by id. */
    private final TreeMap<Long, Pointer> named = new TreeMap<>();

    public PointerStore(
            Agent agent,
            Halt halt,
            Run run,
            SavepointWatch savepoints,
            int maxRetained,
            CleanUp cleanUp,
            ClassLoader classes) {
        this.agent = agent;
        this.halt = halt;
        this.run = run;
        this.savepoints = savepoints;
        this.maxRetained = maxRetained;
        this.cleanUp = cleanUp;
        this.classes = classes;
        for (Pointer pointer : run.start().checkpoints()) {
            named.put(pointer.id(), pointer);
        }
    }

    @Override
    public RetrievableStateHandle<CompletedCheckpoint> addAndLock(
            String name, CompletedCheckpoint checkpoint) throws Exception {
        if (isRestored(checkpoint)) {
            // Not this run's own. Listed as one, a later RESUME would rebuild it from its file and
            // undo NO_CLAIM and allowNonRestoredState (R2).
            LOG.info("Restored from {}.", checkpoint.getExternalPointer());
            return new AtHand(checkpoint);
        }
        Pointer pointer = pointer(checkpoint);
        commit(pointer);
        run.ownCheckpointAcknowledged();
        savepoints.recorded(pointer.id());
        synchronized (named) {
            named.put(pointer.id(), pointer);
            while (named.size() > maxRetained) {
                named.pollFirstEntry();
            }
            cleanUp.acknowledged(checkpoint, named.keySet());
        }
        return new AtHand(checkpoint);
    }

    private void commit(Pointer pointer) throws Exception {
        String what = "recording " + pointer;
        try {
            var unused = agent.addCheckpoint(run.grant(), maxRetained, pointer).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PossibleInconsistentStateException(what + " was interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = ExceptionUtils.stripExecutionException(e);
            cause = ExceptionUtils.stripCompletionException(cause);
            if (cause instanceof AgentRefusal) {
                throw new FlinkException(what + " was refused", cause);
            }
            throw new PossibleInconsistentStateException(
                    what + ": the outcome is not known", cause);
        }
    }

    private boolean isRestored(CompletedCheckpoint checkpoint) {
        return checkpoint.getRestoredProperties().isPresent()
                || checkpoint.getProperties().isUnclaimed()
                || checkpoint.getProperties().isSavepoint()
                || run.start().origins().stream()
                        .anyMatch(from -> samePlace(from.path(), checkpoint.getExternalPointer()));
    }

    private static boolean samePlace(String one, String other) {
        return directory(one).equals(directory(other));
    }

    private static String directory(String path) {
        String place = new Path(path).toUri().getPath();
        return place.endsWith("/_metadata")
                ? place.substring(0, place.length() - "/_metadata".length())
                : place;
    }

    private static Pointer pointer(CompletedCheckpoint checkpoint) {
        if (!(checkpoint.getMetadataHandle() instanceof FileStateHandle)) {
            throw new IllegalStateException(
                    "Checkpoint "
                            + checkpoint.getCheckpointID()
                            + " has no file that a failover could find; set"
                            + " execution.checkpointing.storage to filesystem and"
                            + " execution.checkpointing.dir to a directory that outlives the pod"
                            + " (the job's code may override both).");
        }
        FileStateHandle metadata = (FileStateHandle) checkpoint.getMetadataHandle();
        return new Pointer(
                checkpoint.getCheckpointID(),
                checkpoint.getExternalPointer(),
                metadata.getFilePath().toString(),
                metadata.getStateSize(),
                checkpoint.getTimestamp(),
                checkpoint.getCompletionTimestamp());
    }

    /** Rebuilds what the start names, and returns it oldest first. */
    List<CompletedCheckpoint> recover() {
        List<CompletedCheckpoint> recovered = new ArrayList<>();
        List<MetadataFile.Reading> lost = new ArrayList<>();
        List<Pointer> pointers = run.start().checkpoints();
        boolean olderAllowed =
                run.resume().map(Start.Resume::isOlderCheckpointAllowed).orElse(false);
        for (int i = pointers.size() - 1; i >= 0; i--) {
            Pointer pointer = pointers.get(i);
            long started = System.nanoTime();
            MetadataFile.Reading reading = MetadataFile.of(pointer, classes);
            if (reading.outcome() == MetadataFile.Outcome.READ) {
                if (recovered.isEmpty() && !lost.isEmpty()) {
                    goBackTo(pointer, lost);
                }
                CompletedCheckpoint checkpoint =
                        RecordedCheckpoint.rebuild(run.jobId(), pointer, reading.content());
                recovered.add(0, checkpoint);
                cleanUp.recovered(checkpoint);
                LOG.info(
                        "Recovered {} in {} ms.",
                        pointer,
                        (System.nanoTime() - started) / 1_000_000);
            } else if (!recovered.isEmpty()) {
                LOG.warn("An older {} is left out: {}", pointer, reading);
            } else if (reading.outcome() == MetadataFile.Outcome.UNREACHABLE) {
                throw LostState.tryAgain(halt, reading);
            } else {
                lost.add(reading);
                if (i == 0 || !olderAllowed) {
                    throw LostState.refuse(halt, lost, i > 0);
                }
            }
        }
        return recovered;
    }

    /**
     * The agent is to leave its warning before anything runs from there. The manifest names those
     * that are lost until later ones take their place.
     */
    private void goBackTo(Pointer older, List<MetadataFile.Reading> lost) {
        LostState.goBack(lost, older + " of " + Instant.ofEpochMilli(older.completedAt()));
        try {
            var unused = agent.restored(run.grant(), older.path()).get();
        } catch (InterruptedException | ExecutionException e) {
            throw halt.now(Halt.FAILED_START, "the older " + older + " is not taken: " + e);
        }
    }

    @Override
    public List<Tuple2<RetrievableStateHandle<CompletedCheckpoint>, String>> getAllAndLock() {
        List<Tuple2<RetrievableStateHandle<CompletedCheckpoint>, String>> all = new ArrayList<>();
        for (CompletedCheckpoint checkpoint : recover()) {
            all.add(Tuple2.of(new AtHand(checkpoint), CheckpointNames.INSTANCE.name(checkpoint)));
        }
        return all;
    }

    /**
     * Answered here: the commit that added a later one dropped it, or the job's result was
     * recorded, or it never was this run's own.
     */
    @Override
    public boolean releaseAndTryRemove(String name) {
        return true;
    }

    @Override
    public IntegerResourceVersion exists(String name) {
        long id = CheckpointNames.INSTANCE.nameToCheckpointID(name);
        synchronized (named) {
            return named.containsKey(id)
                    ? IntegerResourceVersion.valueOf(0)
                    : IntegerResourceVersion.notExisting();
        }
    }

    @Override
    public Collection<String> getAllHandles() {
        List<String> names = new ArrayList<>();
        synchronized (named) {
            named.keySet()
                    .forEach(id -> names.add(CheckpointNames.INSTANCE.checkpointIDToName(id)));
        }
        return names;
    }

    @Override
    public RetrievableStateHandle<CompletedCheckpoint> getAndLock(String name) {
        throw new NoSuchElementException("checkpoints are only read all at once, not " + name);
    }

    @Override
    public void replace(String name, IntegerResourceVersion version, CompletedCheckpoint state) {
        throw new UnsupportedOperationException("a completed checkpoint does not change: " + name);
    }

    /** The manifest decides what is named; forgetting happens there. */
    @Override
    public void clearEntries() {}

    @Override
    public void release(String name) {}

    @Override
    public void releaseAll() {}

    @Override
    public String toString() {
        return "the agent's manifest";
    }

    /** A handle that has what it refers to at hand. */
    private static final class AtHand implements RetrievableStateHandle<CompletedCheckpoint> {
        private static final long serialVersionUID = 1L;

        private final CompletedCheckpoint checkpoint;

        AtHand(CompletedCheckpoint checkpoint) {
            this.checkpoint = checkpoint;
        }

        @Override
        public CompletedCheckpoint retrieveState() {
            return checkpoint;
        }

        @Override
        public void discardState() {}

        @Override
        public long getStateSize() {
            return 0;
        }
    }
}
