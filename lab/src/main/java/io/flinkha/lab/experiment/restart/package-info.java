/** JobManagers that end, hang or exit by themselves, under the supervisor of their container. */
@NullMarked
package io.flinkha.lab.experiment.restart;

import org.jspecify.annotations.NullMarked;
