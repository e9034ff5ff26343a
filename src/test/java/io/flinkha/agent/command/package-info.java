@NullMarked
package io.flinkha.agent.command;

import org.jspecify.annotations.NullMarked;
