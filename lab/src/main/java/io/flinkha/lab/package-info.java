/** The harness: runs real Flink processes, breaks them on purpose, and says what happened. */
@NullMarked
package io.flinkha.lab;

import org.jspecify.annotations.NullMarked;
