@NullMarked
package io.flinkha.lab.report;

import org.jspecify.annotations.NullMarked;
