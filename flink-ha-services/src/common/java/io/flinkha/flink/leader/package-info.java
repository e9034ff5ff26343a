/**
 * Leadership and leader addresses: granted to Flink, served in this JVM, told to the agent.
 *
 * <p>While another pod leads its addresses are served to those in this JVM who ask, and to nobody
 * else. Leadership is never revoked, and no address is taken back but that of a job that is over.
 */
@NullMarked
package io.flinkha.flink.leader;

import org.jspecify.annotations.NullMarked;
