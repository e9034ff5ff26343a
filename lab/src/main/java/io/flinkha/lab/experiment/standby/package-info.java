/** A second pod beside the leader's: how fast it takes over, from what, and what it costs. */
@NullMarked
package io.flinkha.lab.experiment.standby;

import org.jspecify.annotations.NullMarked;
