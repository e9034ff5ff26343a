package io.flinkha.flink.plan;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Classes of Flink that a JobManager comes to only once it leads, in the order in which it does.
 *
 * <p>From the grant to RUNNING a JVM that has only waited loads about two thousand classes, and
 * these bring some hundreds of them along: each is a large one, or what a factory chooses by the
 * settings, and verifying it loads what it names. More would be a list to maintain for little, and
 * to run some of Flink itself would leave its traces in a process that does not lead.
 */
final class TakeoverClasses {
    private static final String FLINK = "org.apache.flink.";
    static final List<String> NAMES =
            List.of(
                    "runtime.dispatcher.runner.SessionDispatcherLeaderProcess",
                    "runtime.dispatcher.StandaloneDispatcher",
                    "runtime.resourcemanager.StandaloneResourceManager",
                    "runtime.resourcemanager.slotmanager.FineGrainedSlotManager",
                    "runtime.resourcemanager.slotmanager.DefaultResourceAllocationStrategy",
                    "runtime.heartbeat.HeartbeatManagerSenderImpl",
                    "runtime.shuffle.NettyShuffleMaster",
                    "client.program.StreamContextEnvironment",
                    "client.deployment.application.executors.EmbeddedExecutor",
                    "api.java.typeutils.TypeExtractor",
                    "streaming.api.graph.StreamGraphGenerator",
                    "streaming.api.graph.StreamingJobGraphGenerator",
                    "runtime.jobmaster.JobMasterServiceLeadershipRunner",
                    "runtime.jobmaster.JobMaster",
                    "runtime.jobmaster.DefaultSlotPoolServiceSchedulerFactory",
                    "runtime.jobmaster.slotpool.DeclarativeSlotPoolBridge",
                    "runtime.scheduler.DefaultSchedulerFactory",
                    "runtime.scheduler.DefaultScheduler",
                    "runtime.scheduler.adaptive.AdaptiveSchedulerFactory",
                    "runtime.scheduler.adaptive.AdaptiveScheduler",
                    "runtime.scheduler.DefaultExecutionGraphFactory",
                    "runtime.scheduler.DefaultExecutionDeployer",
                    "runtime.scheduler.SlotSharingExecutionSlotAllocator",
                    "runtime.executiongraph.DefaultExecutionGraphBuilder",
                    "runtime.executiongraph.DefaultExecutionGraph",
                    "runtime.executiongraph.ExecutionJobVertex",
                    "runtime.executiongraph.Execution",
                    "runtime.scheduler.strategy.PipelinedRegionSchedulingStrategy",
                    "runtime.deployment.TaskDeploymentDescriptorFactory",
                    "runtime.checkpoint.CheckpointCoordinator",
                    "runtime.checkpoint.Checkpoints",
                    "runtime.checkpoint.metadata.MetadataV4Serializer",
                    "runtime.checkpoint.StateAssignmentOperation",
                    "runtime.state.StateBackendLoader",
                    "runtime.state.storage.FileSystemCheckpointStorage",
                    "runtime.state.filesystem.FsCheckpointStorageAccess",
                    "runtime.operators.coordination.OperatorCoordinatorHolder",
                    "runtime.source.coordinator.SourceCoordinator");

    private TakeoverClasses() {}

    /**
     * Until the grant: then Flink's own threads load what they need, and this one would be in their
     * way.
     */
    static void load(ClassLoader loader, BooleanSupplier isOver) {
        for (String name : NAMES) {
            if (isOver.getAsBoolean()) {
                return;
            }
            try {
                var unused = Class.forName(FLINK + name, true, loader);
            } catch (ClassNotFoundException | LinkageError e) {
                // Gone from a later patch release of Flink: the takeover loads what is there.
            }
        }
    }
}
