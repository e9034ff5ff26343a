/**
 * Flink's checkpoint store and counter of ids, kept in the agent's manifest.
 *
 * <p>A checkpoint counts for Flink when the agent has committed it, and not before. Ids only rise.
 */
@NullMarked
package io.flinkha.flink.checkpoint;

import org.jspecify.annotations.NullMarked;
