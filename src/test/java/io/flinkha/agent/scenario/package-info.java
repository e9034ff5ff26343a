/** Runs the documents in {@code src/test/resources/scenarios}: what happens, and what follows. */
@NullMarked
package io.flinkha.agent.scenario;

import org.jspecify.annotations.NullMarked;
