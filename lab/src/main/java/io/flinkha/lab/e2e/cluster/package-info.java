/** One application on the cluster, what can be seen of it, and what can be done to it. */
@NullMarked
package io.flinkha.lab.e2e.cluster;

import org.jspecify.annotations.NullMarked;
