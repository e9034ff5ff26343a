/**
 * The imperative shell: one thread that feeds the core, stamps time when it takes an event, and
 * hands the actions to the ports. Decisions are not made here.
 */
@NullMarked
package io.flinkha.agent.runtime;

import org.jspecify.annotations.NullMarked;
