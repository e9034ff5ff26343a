package io.flinkha.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.streaming.api.operators.CoordinatedOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what it gets. Its coordinator runs on the JobMaster's main thread, as a connector's may,
 * and holds it up for as long as a file is there.
 */
final class CoordinatedMap extends SimpleOperatorFactory<Long>
        implements OneInputStreamOperatorFactory<Long, Long>, CoordinatedOperatorFactory<Long> {
    private static final long serialVersionUID = 1L;

    private final String blockFile;

    CoordinatedMap(String blockFile) {
        super(new StreamMap<Long, Long>(number -> number));
        this.blockFile = blockFile;
    }

    @Override
    public OperatorCoordinator.Provider getCoordinatorProvider(String name, OperatorID operator) {
        return new Provider(operator, blockFile);
    }

    private static final class Provider implements OperatorCoordinator.Provider {
        private static final long serialVersionUID = 1L;

        private final OperatorID operator;
        private final String blockFile;

        Provider(OperatorID operator, String blockFile) {
            this.operator = operator;
            this.blockFile = blockFile;
        }

        @Override
        public OperatorID getOperatorId() {
            return operator;
        }

        @Override
        public OperatorCoordinator create(OperatorCoordinator.Context context) {
            return new Blocking(blockFile);
        }
    }

    private static final class Blocking implements OperatorCoordinator {
        private static final long LOOK_MILLIS = 100;

        private final Path blockFile;

        Blocking(String blockFile) {
            this.blockFile = Path.of(blockFile);
        }

        @Override
        public void checkpointCoordinator(long checkpoint, CompletableFuture<byte[]> result)
                throws InterruptedException {
            while (Files.exists(blockFile)) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
            result.complete(new byte[0]);
        }

        @Override
        public void start() {}

        @Override
        public void close() {}

        @Override
        public void handleEventFromOperator(int subtask, int attempt, OperatorEvent event) {}

        @Override
        public void notifyCheckpointComplete(long checkpoint) {}

        @Override
        public void resetToCheckpoint(long checkpoint, byte @Nullable [] data) {}

        @Override
        public void subtaskReset(int subtask, long checkpoint) {}

        @Override
        public void executionAttemptFailed(int subtask, int attempt, @Nullable Throwable reason) {}

        @Override
        public void executionAttemptReady(int subtask, int attempt, SubtaskGateway gateway) {}
    }
}
