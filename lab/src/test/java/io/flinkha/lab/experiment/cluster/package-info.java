@NullMarked
package io.flinkha.lab.experiment.cluster;

import org.jspecify.annotations.NullMarked;
