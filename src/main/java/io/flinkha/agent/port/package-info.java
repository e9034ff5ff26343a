/**
 * What the agent needs from outside, as blocking calls with named outcomes: no exception crosses a
 * port for anything that is to be expected. Each has one contract suite, which runs against its
 * fake and against the real thing.
 */
@NullMarked
package io.flinkha.agent.port;

import org.jspecify.annotations.NullMarked;
