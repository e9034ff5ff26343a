@NullMarked
package io.flinkha.agent.adapter.metrics;

import org.jspecify.annotations.NullMarked;
