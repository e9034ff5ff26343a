/**
 * The stored job graph: kept with the agent, its jars with Flink's blob store.
 *
 * <p>A JobManager that waits reads it ahead and drops it as soon as the manifest names another one.
 * It is resumed whole or rejected, and dropped only once the job's end is recorded.
 */
@NullMarked
package io.flinkha.flink.plan;

import org.jspecify.annotations.NullMarked;
