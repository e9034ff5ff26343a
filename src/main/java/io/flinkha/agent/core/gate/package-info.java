/** What the agent answers to its JobManager. */
@NullMarked
package io.flinkha.agent.core.gate;

import org.jspecify.annotations.NullMarked;
