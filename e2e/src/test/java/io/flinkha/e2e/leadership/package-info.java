@NullMarked
package io.flinkha.e2e.leadership;

import org.jspecify.annotations.NullMarked;
