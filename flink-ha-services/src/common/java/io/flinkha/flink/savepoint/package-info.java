/**
 * Savepoints, of which Flink tells no HA service: seen through the JobManager's own REST endpoint.
 *
 * <p>What cannot be seen is never taken for absent: it is asked for again, or said to be unknown.
 */
@NullMarked
package io.flinkha.flink.savepoint;

import org.jspecify.annotations.NullMarked;
