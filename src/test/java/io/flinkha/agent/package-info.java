@NullMarked
package io.flinkha.agent;

import org.jspecify.annotations.NullMarked;
