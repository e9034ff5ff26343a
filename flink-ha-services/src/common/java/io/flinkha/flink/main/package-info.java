/**
 * What a start comes to: its settings, which Flink reads right after the grant, and what runs as
 * the application's main(): the user's, or on RESUME nobody's.
 *
 * <p>A main() that fails is a start that failed: the JVM halts, and nothing is recorded.
 */
@NullMarked
package io.flinkha.flink.main;

import org.jspecify.annotations.NullMarked;
