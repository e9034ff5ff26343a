@NullMarked
package io.flinkha.lab.leadership;

import org.jspecify.annotations.NullMarked;
