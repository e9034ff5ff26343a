@NullMarked
package io.flinkha.lab.experiment.injection;

import org.jspecify.annotations.NullMarked;
