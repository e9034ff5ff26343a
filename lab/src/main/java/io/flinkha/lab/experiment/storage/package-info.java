/** The agent's storage: on every kind of store, and ailing. */
@NullMarked
package io.flinkha.lab.experiment.storage;

import org.jspecify.annotations.NullMarked;
