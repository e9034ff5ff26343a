@NullMarked
package io.flinkha.agent.runtime;

import org.jspecify.annotations.NullMarked;
