/** Deaths at each message of docs/PROTOCOL.md, and messages that nobody should send. */
@NullMarked
package io.flinkha.lab.experiment.protocol;

import org.jspecify.annotations.NullMarked;
