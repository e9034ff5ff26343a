/** Object stores beside S3Proxy, each a program of its own. */
@NullMarked
package io.flinkha.lab.store;

import org.jspecify.annotations.NullMarked;
