package io.flinkha.flink;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.JobStatusHook;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.jspecify.annotations.Nullable;

/** This line of Flink itself, in this JVM, with a job that does not end by itself. */
public final class TestFlink implements AutoCloseable {
    /** Only if somebody asks for one. */
    public static final Checkpointed NO_CHECKPOINTS = job -> {};

    private static volatile CountDownLatch processing = new CountDownLatch(1);

    private final MiniCluster cluster;
    private final JobID job = TestJm.job();

    private TestFlink(MiniCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Starts it, and returns once the job processes something.
     *
     * @param checkpointed what the job says of its checkpoints, in code
     */
    public static TestFlink start(Configuration configuration, Checkpointed checkpointed)
            throws Exception {
        Configuration anyPort = configuration.clone();
        anyPort.set(RestOptions.BIND_PORT, "0");
        TestFlink flink =
                new TestFlink(
                        new MiniCluster(
                                new MiniClusterConfiguration.Builder()
                                        .setConfiguration(anyPort)
                                        .build()));
        flink.cluster.start();
        processing = new CountDownLatch(1);
        var unused = flink.cluster.submitJob(flink.plan(checkpointed)).get();
        processing.await();
        return flink;
    }

    private JobGraph plan(Checkpointed checkpointed) {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        environment.setParallelism(1);
        checkpointed.set(environment);
        environment
                .fromSequence(0, Long.MAX_VALUE)
                .map(TestFlink::slowly)
                .returns(Types.LONG)
                .sinkTo(new DiscardingSink<>());
        JobGraph plan = environment.getStreamGraph().getJobGraph();
        plan.setJobID(job);
        plan.setJobStatusHooks(List.of(new BlockedMainThread()));
        return plan;
    }

    /** Before a task processes anything, its JobMaster has been sent word that it runs. */
    private static Long slowly(Long number) {
        processing.countDown();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        return number;
    }

    public String restAddress() throws Exception {
        return cluster.getRestAddress().get().toString();
    }

    /** The path of the savepoint, once the job has ended with it. */
    public String stopWithSavepoint(String directory) throws Exception {
        String path =
                cluster.stopWithSavepoint(job, directory, false, SavepointFormatType.CANONICAL)
                        .get();
        var unused = cluster.requestJobResult(job).get();
        return path;
    }

    /** Has the job cancelled, to whose end its JobMaster's main thread does not come. */
    public void blockMainThread() throws Exception {
        BlockedMainThread.free = new CountDownLatch(1);
        BlockedMainThread.reached = new CountDownLatch(1);
        var unused = cluster.cancelJob(job).get();
        BlockedMainThread.reached.await();
    }

    public void unblockMainThread() {
        BlockedMainThread.free.countDown();
    }

    @Override
    public void close() {
        unblockMainThread();
        cluster.closeAsync().join();
    }

    /** The job's own settings. */
    public interface Checkpointed {
        void set(StreamExecutionEnvironment environment);
    }

    /** Flink calls it on the JobMaster's main thread, and may have sent it there as bytes. */
    private static final class BlockedMainThread implements JobStatusHook {
        private static final long serialVersionUID = 1L;
        private static volatile CountDownLatch free = new CountDownLatch(0);
        private static volatile CountDownLatch reached = new CountDownLatch(1);

        @Override
        public void onCreated(JobID jobId) {}

        @Override
        public void onFinished(JobID jobId) {}

        @Override
        public void onFailed(JobID jobId, @Nullable Throwable failure) {}

        @Override
        public void onCanceled(JobID jobId) {
            reached.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
