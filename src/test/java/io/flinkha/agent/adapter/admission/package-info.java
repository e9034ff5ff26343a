@NullMarked
package io.flinkha.agent.adapter.admission;

import org.jspecify.annotations.NullMarked;
