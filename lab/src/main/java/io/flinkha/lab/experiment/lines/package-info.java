/** The same on every line of Flink. */
@NullMarked
package io.flinkha.lab.experiment.lines;

import org.jspecify.annotations.NullMarked;
