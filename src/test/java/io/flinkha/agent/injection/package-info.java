@NullMarked
package io.flinkha.agent.injection;

import org.jspecify.annotations.NullMarked;
