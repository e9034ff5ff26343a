/** Results: rows of figures and claims, as a table and as JSON. */
@NullMarked
package io.flinkha.lab.report;

import org.jspecify.annotations.NullMarked;
