/**
 * What this process holds while it may act: the lock that says it lives, the gate that says it
 * leads, and the run that it was granted.
 *
 * <p>The gate's deadline is never later than the one that the agent has in mind.
 */
@NullMarked
package io.flinkha.flink.process;

import org.jspecify.annotations.NullMarked;
