/**
 * The Kubernetes API of this machine: a server that counts, and proxies that can hold, lose or
 * refuse.
 */
@NullMarked
package io.flinkha.lab.api;

import org.jspecify.annotations.NullMarked;
