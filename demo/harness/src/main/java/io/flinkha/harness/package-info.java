/** The harness: runs real Flink processes, breaks them on purpose, and says what happened. */
@NullMarked
package io.flinkha.harness;

import org.jspecify.annotations.NullMarked;
