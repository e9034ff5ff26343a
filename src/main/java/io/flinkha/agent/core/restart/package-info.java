/**
 * What comes after a start or an end: the start of a JobManager, and the exit codes that say why it
 * ended.
 */
@NullMarked
package io.flinkha.agent.core.restart;

import org.jspecify.annotations.NullMarked;
