@NullMarked
package io.flinkha.harness.command;

import org.jspecify.annotations.NullMarked;
