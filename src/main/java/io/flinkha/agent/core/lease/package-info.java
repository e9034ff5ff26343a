/**
 * Who may lead, and until when that is safe: the Lease as a value and the rules by which it is
 * read.
 */
@NullMarked
package io.flinkha.agent.core.lease;

import org.jspecify.annotations.NullMarked;
