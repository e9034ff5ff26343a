package io.flinkha.demo.tool;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/**
 * Prints what Flink's start script works out for a TaskManager: first line the JVM's options,
 * second line the {@code -D} options with the resolved sizes. Argument: the configuration
 * directory.
 */
public final class TaskManagerMemory {
    private TaskManagerMemory() {}

    public static void main(String[] args) {
        Configuration configuration = GlobalConfiguration.loadConfiguration(args[0]);
        TaskExecutorProcessSpec spec =
                TaskExecutorProcessUtils.processSpecFromConfig(configuration);
        System.out.println("JVM " + ProcessMemoryUtils.generateJvmParametersStr(spec));
        System.out.println("FLINK " + TaskExecutorProcessUtils.generateDynamicConfigsStr(spec));
    }
}
