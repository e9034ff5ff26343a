/** A JobManager, an agent or the API server goes: what the job sees of it. */
@NullMarked
package io.flinkha.lab.experiment.failover;

import org.jspecify.annotations.NullMarked;
