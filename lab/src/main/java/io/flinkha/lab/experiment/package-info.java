/**
 * What experiments on processes share. Each is one class below this package, by its subject, with
 * its claims.
 */
@NullMarked
package io.flinkha.lab.experiment;

import org.jspecify.annotations.NullMarked;
