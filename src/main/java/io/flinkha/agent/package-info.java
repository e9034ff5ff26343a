/**
 * The process: {@code Main} tells commands from services, {@code AgentMain} starts one of those,
 * the {@code Injector}, which asks the API server for {@code RestartRules}, or the agent, which
 * {@code AgentAssembly} puts together and {@code LoopView} shows.
 */
@NullMarked
package io.flinkha.agent;

import org.jspecify.annotations.NullMarked;
