@NullMarked
package io.flinkha.harness.api;

import org.jspecify.annotations.NullMarked;
