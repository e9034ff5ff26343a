package io.flinkha.flink.cleanup;

import io.flinkha.flink.state.StateFiles;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts deleting what killed JobManagers and earlier runs left, once this process's first own
 * checkpoint is committed: from then on nothing goes back to what was before.
 */
public final class CleanUp {
    private static final Logger LOG = LoggerFactory.getLogger(CleanUp.class);

    private final List<Deletion> deletions;

    /** What the own checkpoints refer to, by id. */
    private final Map<Long, Set<Path>> referenced = new HashMap<>();

    private boolean over;

    public CleanUp(List<Deletion> deletions) {
        this.deletions = deletions;
    }

    /** A checkpoint that was rebuilt, while nothing of it can have been discarded yet. */
    public void recovered(CompletedCheckpoint checkpoint) {
        note(checkpoint);
    }

    /** An own checkpoint was committed, and these are named now. */
    public void acknowledged(CompletedCheckpoint checkpoint, Collection<Long> named) {
        note(checkpoint);
        for (Long id : named) {
            if (!over && !referenced.containsKey(id)) {
                leaveAll("it is not known what checkpoint " + id + " refers to");
            }
        }
        if (over) {
            return;
        }
        over = true;
        // The recovered ones included: what the commit dropped of those, Flink itself deletes.
        Set<Path> all = new HashSet<>();
        referenced.values().forEach(all::addAll);
        deletions.forEach(deletion -> deletion.start(checkpoint, all));
    }

    private void note(CompletedCheckpoint checkpoint) {
        if (over) {
            return;
        }
        try {
            referenced.put(checkpoint.getCheckpointID(), StateFiles.of(checkpoint));
        } catch (StateFiles.UnknownStateException e) {
            leaveAll("there is " + e.getMessage());
        }
    }

    private void leaveAll(String why) {
        over = true;
        LOG.warn("What killed JobManagers and earlier runs left stays: {}.", why);
    }

    /** Deletes what one kind of them left, on a thread of its own. */
    interface Deletion {
        /** Own checkpoints, of which this is the process's first, refer to these files. */
        void start(CompletedCheckpoint first, Set<Path> referenced);
    }
}
