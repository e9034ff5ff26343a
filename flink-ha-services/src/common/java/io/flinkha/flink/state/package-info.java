/**
 * The files that checkpoints are made of: read, named, listed, deleted.
 *
 * <p>A storage that does not answer is told from a file that is lost: only the latter is final. A
 * kind of state whose files cannot be named stops all deleting.
 */
@NullMarked
package io.flinkha.flink.state;

import org.jspecify.annotations.NullMarked;
