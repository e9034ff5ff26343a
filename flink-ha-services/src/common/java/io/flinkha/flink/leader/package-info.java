/**
 * Leadership and leader addresses: granted to Flink, served in this JVM, told to the agent.
 *
 * <p>Leadership is never revoked, and no address is taken back but that of a job that is over.
 */
@NullMarked
package io.flinkha.flink.leader;

import org.jspecify.annotations.NullMarked;
