@NullMarked
package io.flinkha.agent.adapter.health;

import org.jspecify.annotations.NullMarked;
