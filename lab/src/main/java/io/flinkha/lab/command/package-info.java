/** What a person can ask the harness to do; each command is one experiment with its claims. */
@NullMarked
package io.flinkha.lab.command;

import org.jspecify.annotations.NullMarked;
