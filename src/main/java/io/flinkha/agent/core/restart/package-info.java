/**
 * What a starting JobManager does, and what becomes of one that ended: the start, the exit codes,
 * and what the Kubernetes Job is told.
 */
@NullMarked
package io.flinkha.agent.core.restart;

import org.jspecify.annotations.NullMarked;
