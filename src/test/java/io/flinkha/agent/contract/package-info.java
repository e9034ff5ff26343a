/**
 * One suite per port, run against the hand-written fake and against every real thing that is at
 * hand.
 */
@NullMarked
package io.flinkha.agent.contract;

import org.jspecify.annotations.NullMarked;
