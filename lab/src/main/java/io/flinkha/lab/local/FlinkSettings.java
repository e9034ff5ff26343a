package io.flinkha.lab.local;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Flink's configuration in the demo. Both kinds of high availability get the same, but for one key.
 */
final class FlinkSettings {
    static final String FACTORY = "io.flinkha.flink.AgentHaServicesFactory";

    private FlinkSettings() {}

    /** What JobManager and TaskManagers share. */
    static Map<String, String> common(
            LocalDirectory directory, ApplicationSpec spec, Path kubeconfig) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("high-availability.type", "kubernetes");
        settings.put(
                "high-availability.storageDir", directory.highAvailability().toUri().toString());
        settings.put("high-availability.cluster-id", spec.clusterId());
        settings.put("kubernetes.cluster-id", spec.clusterId());
        settings.put("kubernetes.namespace", "default");
        settings.put("kubernetes.config.file", kubeconfig.toString());
        // Tasks outlive a JobManager's absence for as long as these two allow.
        settings.put("heartbeat.timeout", "180 s");
        settings.put("pekko.ask.timeout", "60 s");
        // Its default is the ask timeout: a TaskManager would keep a lost job's slots for so long.
        settings.put("taskmanager.slot.timeout", "10 s");
        settings.put("io.tmp.dirs", directory.temporary().toString());
        settings.put("parallelism.default", "2");
        settings.put("taskmanager.numberOfTaskSlots", "2");
        settings.put("taskmanager.memory.process.size", "1200m");
        settings.put("taskmanager.host", "127.0.0.1");
        settings.put("taskmanager.bind-host", "127.0.0.1");
        settings.put("state.backend.type", "rocksdb");
        settings.put("state.backend.rocksdb.localdir", directory.keyedState().toString());
        settings.put("execution.checkpointing.incremental", "true");
        settings.put("execution.checkpointing.interval", "1 s");
        settings.put("execution.checkpointing.num-retained", "1");
        settings.put("execution.checkpointing.dir", directory.checkpoints().toUri().toString());
        settings.put(
                "execution.checkpointing.savepoint-dir", directory.savepoints().toUri().toString());
        // Small state would be put into the metadata: here it shall lie in files, as big state
        // does.
        settings.put("execution.checkpointing.data-inline-threshold", "0 b");
        settings.putAll(spec.flink());
        return settings;
    }

    static Map<String, String> jobManager(Map<String, String> common, int rpcPort, int restPort) {
        Map<String, String> settings = new TreeMap<>(common);
        settings.put("jobmanager.rpc.address", "127.0.0.1");
        settings.put("jobmanager.rpc.port", Integer.toString(rpcPort));
        settings.put("jobmanager.bind-host", "127.0.0.1");
        settings.put("rest.address", "127.0.0.1");
        settings.put("rest.bind-address", "127.0.0.1");
        settings.put("rest.port", Integer.toString(restPort));
        settings.put("rest.bind-port", Integer.toString(restPort));
        settings.put("kubernetes.client.user-agent", "flink-jobmanager");
        return settings;
    }

    static Map<String, String> taskManager(Map<String, String> common) {
        Map<String, String> settings = new TreeMap<>(common);
        settings.put("kubernetes.client.user-agent", "flink-taskmanager");
        return settings;
    }
}
