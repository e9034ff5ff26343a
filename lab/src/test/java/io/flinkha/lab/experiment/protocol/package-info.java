@NullMarked
package io.flinkha.lab.experiment.protocol;

import org.jspecify.annotations.NullMarked;
