/**
 * What the configuration says, checked before anything starts, and what follows from it.
 *
 * <p>Read once. What is refused is refused here, by the name of the setting, with a way out.
 */
@NullMarked
package io.flinkha.flink.config;

import org.jspecify.annotations.NullMarked;
