/** Results: rows of figures, as a table and as JSON. */
@NullMarked
package io.flinkha.lab.report;

import org.jspecify.annotations.NullMarked;
