/** The house rules, as tests: which room may see which, and how large things may grow. */
@NullMarked
package io.flinkha.agent.architecture;

import org.jspecify.annotations.NullMarked;
