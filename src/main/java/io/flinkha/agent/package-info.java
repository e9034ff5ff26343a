/** The agent's process: wires the parts together. */
@NullMarked
package io.flinkha.agent;

import org.jspecify.annotations.NullMarked;
