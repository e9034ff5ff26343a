/**
 * The decisions of the agent, as one pure function: {@code step(state, moment, event)} returns the
 * next state and the actions to carry out.
 *
 * <p>Contract: nothing here reads a clock, starts a thread, draws a random number, logs, waits or
 * does IO. Time is a value that comes with the event, randomness is the nonce of the incarnation.
 * The package compiles with an empty class path but for the nullness annotations. {@link
 * io.flinkha.agent.core.Invariants} are checked after each step, in tests and in production: a
 * breach ends the agent with the gate closed rather than let two JobManagers work on one state.
 */
@NullMarked
package io.flinkha.agent.core;

import org.jspecify.annotations.NullMarked;
