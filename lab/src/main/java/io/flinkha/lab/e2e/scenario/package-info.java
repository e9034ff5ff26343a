/** The faults, one after the other, each with its claims. */
@NullMarked
package io.flinkha.lab.e2e.scenario;

import org.jspecify.annotations.NullMarked;
