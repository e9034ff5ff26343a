/**
 * The Kubernetes API of the demo: a server that counts, and a proxy that can hold, lose or refuse.
 */
@NullMarked
package io.flinkha.lab.api;

import org.jspecify.annotations.NullMarked;
