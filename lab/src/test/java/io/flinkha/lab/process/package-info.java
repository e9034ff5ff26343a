@NullMarked
package io.flinkha.lab.process;

import org.jspecify.annotations.NullMarked;
