/**
 * The real decision core of three pods in a world that is as bad as the protocol allows.
 *
 * <p>One seed is one world: clock rates, delays, losses and faults all come from it, so a seed that
 * fails is replayed exactly with {@code -Dseed=N}.
 */
@NullMarked
package io.flinkha.agent.simulation;

import org.jspecify.annotations.NullMarked;
