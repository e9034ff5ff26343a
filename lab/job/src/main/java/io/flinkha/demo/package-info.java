/**
 * The demo's job: it counts per key, writes each record exactly once, and leaves marks that let the
 * laboratory see from outside how often main() ran and when processing stood still.
 */
@NullMarked
package io.flinkha.demo;

import org.jspecify.annotations.NullMarked;
