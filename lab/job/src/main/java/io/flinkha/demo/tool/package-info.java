/**
 * Small mains that the laboratory runs on the Flink class path, because only Flink can answer them.
 */
@NullMarked
package io.flinkha.demo.tool;

import org.jspecify.annotations.NullMarked;
