/**
 * This JVM: how it ends and what it says then, its signals, its threads.
 *
 * <p>The ground floor. It knows neither the agent nor Flink's job, so that every room may halt.
 */
@NullMarked
package io.flinkha.flink.jvm;

import org.jspecify.annotations.NullMarked;
