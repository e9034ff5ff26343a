@NullMarked
package io.flinkha.lab.api;

import org.jspecify.annotations.NullMarked;
