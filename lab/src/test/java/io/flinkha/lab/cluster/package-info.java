@NullMarked
package io.flinkha.lab.cluster;

import org.jspecify.annotations.NullMarked;
