/**
 * The house rules, as tests: which room may see which, how large things may grow, and that what is
 * cited is there.
 */
@NullMarked
package io.flinkha.agent.architecture;

import org.jspecify.annotations.NullMarked;
