@NullMarked
package io.flinkha.harness.cluster;

import org.jspecify.annotations.NullMarked;
