@NullMarked
package io.flinkha.agent.adapter.status;

import org.jspecify.annotations.NullMarked;
