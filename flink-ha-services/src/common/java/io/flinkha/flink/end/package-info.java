/**
 * The end of the job and of this process: the result that is recorded, and what a SIGTERM does.
 *
 * <p>A result is told before Flink cleans anything up. A process that goes while its job goes on
 * leaves the tasks running.
 */
@NullMarked
package io.flinkha.flink.end;

import org.jspecify.annotations.NullMarked;
