/**
 * The deletion of what killed JobManagers and earlier runs left.
 *
 * <p>It begins after this process's first own checkpoint was committed, runs on threads of its own,
 * and never fails the job: in doubt everything stays.
 */
@NullMarked
package io.flinkha.flink.cleanup;

import org.jspecify.annotations.NullMarked;
