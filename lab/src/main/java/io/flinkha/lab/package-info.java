/**
 * The laboratory: runs the product on processes of this machine or on a cluster, breaks it on
 * purpose, and says what happened.
 */
@NullMarked
package io.flinkha.lab;

import org.jspecify.annotations.NullMarked;
