/** deploy/image/flink-ha-run as a process, with small scripts in the JobManager's place. */
@NullMarked
package io.flinkha.agent.supervisor;

import org.jspecify.annotations.NullMarked;
