/** Faults of a real Kubernetes, one after the other, each with its claims. */
@NullMarked
package io.flinkha.lab.experiment.cluster;

import org.jspecify.annotations.NullMarked;
