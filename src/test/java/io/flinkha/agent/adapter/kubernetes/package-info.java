@NullMarked
package io.flinkha.agent.adapter.kubernetes;

import org.jspecify.annotations.NullMarked;
