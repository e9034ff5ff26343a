/**
 * Flink high availability services that leave every decision to the agent in the same pod.
 *
 * <p>The contract, the wire included, is {@code docs/PROTOCOL.md}. What holds in all of this
 * package:
 *
 * <ul>
 *   <li>One JVM serves one epoch. It is halted, never revoked: {@link Halt} is the only way out.
 *   <li>Nothing is acknowledged to Flink before the agent has acknowledged it. Flink deletes files
 *       on the strength of an acknowledgement.
 *   <li>No file is deleted unless a commit of this epoch dropped it.
 *   <li>Calls to the agent run on daemon threads of this package, never on Flink's executors, which
 *       have one thread on a small pod and are held under the checkpoint coordinator's lock.
 * </ul>
 */
@NullMarked
package io.flinkha.flink;

import org.jspecify.annotations.NullMarked;
