/**
 * The API server asks about each new Job that wants the agent, and gets a patch or a sentence: the
 * mutating admission webhook of the process that was started as {@code injector}.
 */
@NullMarked
package io.flinkha.agent.adapter.admission;

import org.jspecify.annotations.NullMarked;
