/** What Prometheus scrapes, derived from the transitions: the core knows of no metric. */
@NullMarked
package io.flinkha.agent.adapter.metrics;

import org.jspecify.annotations.NullMarked;
