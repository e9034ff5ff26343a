/** What can be seen from outside: logs, REST, pulses, output, files. */
@NullMarked
package io.flinkha.harness.measure;

import org.jspecify.annotations.NullMarked;
