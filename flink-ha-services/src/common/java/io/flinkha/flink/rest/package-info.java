/**
 * The JobManager's own REST endpoint, which says what no HA service is told of.
 *
 * <p>It is asked by Flink's own client with this process's own configuration: what Flink's command
 * line gets through, TLS and client certificates too, gets through here.
 */
@NullMarked
package io.flinkha.flink.rest;

import org.jspecify.annotations.NullMarked;
