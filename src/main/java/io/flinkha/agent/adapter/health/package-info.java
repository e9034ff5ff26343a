/**
 * What the kubelet asks: whether the JobManager may start, whether the loop turns, whether this pod
 * leads.
 */
@NullMarked
package io.flinkha.agent.adapter.health;

import org.jspecify.annotations.NullMarked;
