/**
 * The stored job graph: kept with the agent, its jars with Flink's blob store.
 *
 * <p>It is resumed whole or rejected, and dropped only once the job's end is recorded.
 */
@NullMarked
package io.flinkha.flink.plan;

import org.jspecify.annotations.NullMarked;
