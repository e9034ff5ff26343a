@NullMarked
package io.flinkha.harness.report;

import org.jspecify.annotations.NullMarked;
