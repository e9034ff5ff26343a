/**
 * The agent's log for machines: one JSON object a line, which names the pod, the epoch and the job.
 */
@NullMarked
package io.flinkha.agent.adapter.logs;

import org.jspecify.annotations.NullMarked;
