@NullMarked
package io.flinkha.lab.e2e.leadership;

import org.jspecify.annotations.NullMarked;
