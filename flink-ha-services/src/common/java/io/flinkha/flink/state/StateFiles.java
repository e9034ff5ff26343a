package io.flinkha.flink.state;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.jspecify.annotations.Nullable;

/**
 * The files that a checkpoint refers to.
 *
 * <p>It knows the kinds of handle whose files it can name and refuses any other: a kind it does not
 * know may refer to files it would then take for garbage.
 */
public final class StateFiles {
    private final Set<Path> files = new HashSet<>();

    private StateFiles() {}

    public static Set<Path> of(CompletedCheckpoint checkpoint) throws UnknownStateException {
        StateFiles found = new StateFiles();
        found.add(checkpoint.getMetadataHandle());
        found.addOperators(checkpoint.getOperatorStates().values());
        return found.files;
    }

    /** But for the metadata file itself. */
    public static Set<Path> of(CheckpointMetadata checkpoint) throws UnknownStateException {
        StateFiles found = new StateFiles();
        found.addOperators(checkpoint.getOperatorStates());
        return found.files;
    }

    private void addOperators(Collection<OperatorState> operators) throws UnknownStateException {
        for (OperatorState operator : operators) {
            addIfPresent(operator.getCoordinatorState());
            for (OperatorSubtaskState subtask : operator.getStates()) {
                addAll(subtask.getManagedOperatorState());
                addAll(subtask.getRawOperatorState());
                addAll(subtask.getManagedKeyedState());
                addAll(subtask.getRawKeyedState());
                for (Iterable<? extends StateObject> inFlight : ChannelState.of(subtask)) {
                    addAll(inFlight);
                }
            }
        }
    }

    private void addAll(Iterable<? extends StateObject> states) throws UnknownStateException {
        for (StateObject state : states) {
            add(state);
        }
    }

    private void addIfPresent(@Nullable StateObject state) throws UnknownStateException {
        if (state != null) {
            add(state);
        }
    }

    private void add(StateObject state) throws UnknownStateException {
        StateObject inFlight = ChannelState.delegate(state);
        if (inFlight != null) {
            add(inFlight);
            return;
        }
        if (state instanceof FileStateHandle) {
            files.add(((FileStateHandle) state).getFilePath());
        } else if (state instanceof IncrementalRemoteKeyedStateHandle) {
            IncrementalRemoteKeyedStateHandle keyed = (IncrementalRemoteKeyedStateHandle) state;
            add(keyed.getMetaDataStateHandle());
            for (HandleAndLocalPath shared : keyed.getSharedState()) {
                add(shared.getHandle());
            }
            for (HandleAndLocalPath owned : keyed.getPrivateState()) {
                add(owned.getHandle());
            }
        } else if (state instanceof KeyGroupsStateHandle) {
            add(((KeyGroupsStateHandle) state).getDelegateStateHandle());
        } else if (state.getClass() == OperatorStreamStateHandle.class) {
            add(((OperatorStreamStateHandle) state).getDelegateStateHandle());
        } else if (!(state instanceof ByteStreamStateHandle)) {
            throw new UnknownStateException(state.getClass().getName());
        }
    }

    /** There is state of a kind whose files cannot be named. */
    public static final class UnknownStateException extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownStateException(String kind) {
            super("state of kind " + kind + ", whose files it cannot name");
        }
    }
}
