/** The one typed configuration, checked as a whole before anything starts. */
@NullMarked
package io.flinkha.agent.config;

import org.jspecify.annotations.NullMarked;
