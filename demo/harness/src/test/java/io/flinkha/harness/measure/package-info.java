@NullMarked
package io.flinkha.harness.measure;

import org.jspecify.annotations.NullMarked;
