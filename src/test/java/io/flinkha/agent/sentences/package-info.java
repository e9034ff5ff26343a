/** Tests of this package. */
@NullMarked
package io.flinkha.agent.sentences;

import org.jspecify.annotations.NullMarked;
