@NullMarked
package io.flinkha.lab;

import org.jspecify.annotations.NullMarked;
