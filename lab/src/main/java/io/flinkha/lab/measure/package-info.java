/** What can be seen from outside: logs, REST, pulses, output, files. */
@NullMarked
package io.flinkha.lab.measure;

import org.jspecify.annotations.NullMarked;
