/** One Flink cluster of the demo: its directory, its configuration, its processes. */
@NullMarked
package io.flinkha.lab.cluster;

import org.jspecify.annotations.NullMarked;
