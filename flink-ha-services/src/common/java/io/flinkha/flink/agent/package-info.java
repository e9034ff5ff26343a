/**
 * The client side of {@code docs/PROTOCOL.md}: what the agent is told, and what it answers.
 *
 * <p>An answer of FENCED never comes back from here: it halts, but one who has no epoch yet. A call
 * without an answer is repeated, unchanged, until its outcome is known or the gate closes.
 */
@NullMarked
package io.flinkha.flink.agent;

import org.jspecify.annotations.NullMarked;
