@NullMarked
package io.flinkha.harness.process;

import org.jspecify.annotations.NullMarked;
