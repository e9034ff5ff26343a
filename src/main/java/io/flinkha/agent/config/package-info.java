/**
 * The agent's settings, each told once in {@code AgentSettings}, and the configuration that is read
 * by it and checked as a whole before anything starts.
 */
@NullMarked
package io.flinkha.agent.config;

import org.jspecify.annotations.NullMarked;
