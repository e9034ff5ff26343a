@NullMarked
package io.flinkha.lab.measure;

import org.jspecify.annotations.NullMarked;
