/** What a person runs, watches and pays: commands, alerts, metrics, requests. */
@NullMarked
package io.flinkha.lab.experiment.operations;

import org.jspecify.annotations.NullMarked;
