/**
 * An application on the cluster of KUBECONFIG, what can be seen of it, and what can be done to it.
 */
@NullMarked
package io.flinkha.lab.cluster;

import org.jspecify.annotations.NullMarked;
