/** What a start goes on from, and what it says where it cannot. */
@NullMarked
package io.flinkha.lab.experiment.state;

import org.jspecify.annotations.NullMarked;
