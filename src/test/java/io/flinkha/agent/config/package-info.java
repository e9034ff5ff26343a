@NullMarked
package io.flinkha.agent.config;

import org.jspecify.annotations.NullMarked;
