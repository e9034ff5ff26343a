package io.flinkha.flink.state;

import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.state.AbstractChannelStateHandle;
import org.apache.flink.runtime.state.AbstractMergedChannelStateHandle;
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
        if (state instanceof AbstractChannelStateHandle) {
            return ((AbstractChannelStateHandle<?>) state).getDelegate();
        }
        // Flink 2.0 has no such class, and would fail in an instanceof.
        return state.getClass().getSimpleName().startsWith("Merged")
                ? Merged.delegate(state)
                : null;
    }

    /** Apart, so that it is loaded only where the class is there. */
    private static final class Merged {
        private Merged() {}

        static @Nullable StateObject delegate(StateObject state) {
            return state instanceof AbstractMergedChannelStateHandle
                    ? ((AbstractMergedChannelStateHandle<?, ?>) state).getDelegate()
                    : null;
        }
    }
}
