/**
 * An application on processes of this machine: its directory, its configuration, its pods, and the
 * API server beside it.
 */
@NullMarked
package io.flinkha.lab.local;

import org.jspecify.annotations.NullMarked;
