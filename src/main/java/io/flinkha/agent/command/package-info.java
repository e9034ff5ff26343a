/**
 * The acts of a person, on the command line: they change what the agent keeps, while no agent runs
 * or beside one, and end.
 */
@NullMarked
package io.flinkha.agent.command;

import org.jspecify.annotations.NullMarked;
