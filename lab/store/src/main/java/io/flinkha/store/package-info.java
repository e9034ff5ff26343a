/** A real S3 server over a directory, as a program. */
@NullMarked
package io.flinkha.store;

import org.jspecify.annotations.NullMarked;
