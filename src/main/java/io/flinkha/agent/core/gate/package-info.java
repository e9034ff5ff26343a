/** The JobManager as the core sees it: its lock, its registration, and what it is answered. */
@NullMarked
package io.flinkha.agent.core.gate;

import org.jspecify.annotations.NullMarked;
