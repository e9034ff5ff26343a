package io.flinkha.flink.state;

import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.state.AbstractChannelStateHandle;
import org.apache.flink.runtime.state.StateObject;
import org.jspecify.annotations.Nullable;

/** What was in flight at an unaligned checkpoint. */
final class ChannelState {
    private ChannelState() {}

    static List<StateObjectCollection<?>> of(OperatorSubtaskState subtask) {
        return List.of(subtask.getInputChannelState(), subtask.getResultSubpartitionState());
    }

    /** The handle of the file, if this is a handle of such state. */
    static @Nullable StateObject delegate(StateObject state) {
        return state instanceof AbstractChannelStateHandle
                ? ((AbstractChannelStateHandle<?>) state).getDelegate()
                : null;
    }
}
