/** Who led an application, and when; and what must be true of that whatever happens. */
@NullMarked
package io.flinkha.lab.leadership;

import org.jspecify.annotations.NullMarked;
