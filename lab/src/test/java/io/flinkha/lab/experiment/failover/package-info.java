@NullMarked
package io.flinkha.lab.experiment.failover;

import org.jspecify.annotations.NullMarked;
