/** What tests put in place of the agent, the halt and the storage, and one process beside them. */
@NullMarked
package io.flinkha.flink.fake;

import org.jspecify.annotations.NullMarked;
