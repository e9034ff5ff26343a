/**
 * What this process sees of itself: whether its main threads answer, and how often its job is to
 * complete a checkpoint.
 *
 * <p>It only tells. What follows from it is the agent's to decide, which stands outside.
 */
@NullMarked
package io.flinkha.flink.watchdog;

import org.jspecify.annotations.NullMarked;
