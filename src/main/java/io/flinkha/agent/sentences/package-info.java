/**
 * What the core decides, told to people: the one place that words a refusal, or why a JobManager
 * waits, and names commands and settings in it.
 *
 * <p>Contract: values of the core in, one sentence out: what, where, what to do. Log, Events, the
 * control API and the status page take it from here, so all of them say the same.
 */
@NullMarked
package io.flinkha.agent.sentences;

import org.jspecify.annotations.NullMarked;
