@NullMarked
package io.flinkha.lab.command;

import org.jspecify.annotations.NullMarked;
