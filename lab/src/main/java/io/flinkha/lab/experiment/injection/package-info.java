/** Jobs of other people, through the real webhook. */
@NullMarked
package io.flinkha.lab.experiment.injection;

import org.jspecify.annotations.NullMarked;
