/**
 * Flink high availability services that leave every decision to the agent in the same pod.
 *
 * <p>On top only what puts the rooms below together. Users name two classes, {@code
 * AgentHaServicesFactory} and {@code JobLauncher}; all else is public for other rooms only, and may
 * change with any version.
 *
 * <p>The rooms stand on floors, {@code flink-ha-services/floors.txt}: each may use those below it.
 * What holds in all of them:
 *
 * <ul>
 *   <li>One JVM serves one epoch. It is halted, never revoked: {@link io.flinkha.flink.jvm.Halt} is
 *       the only way out.
 *   <li>Nothing is acknowledged to Flink before the agent has acknowledged it. Flink deletes files
 *       on the strength of an acknowledgement.
 *   <li>No file is deleted unless a commit of this epoch dropped it.
 *   <li>Calls to the agent run on daemon threads of ours, never on Flink's executors, which have
 *       one thread on a small pod and are held under the checkpoint coordinator's lock.
 * </ul>
 */
@NullMarked
package io.flinkha.flink;

import org.jspecify.annotations.NullMarked;
