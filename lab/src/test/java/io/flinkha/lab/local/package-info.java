@NullMarked
package io.flinkha.lab.local;

import org.jspecify.annotations.NullMarked;
