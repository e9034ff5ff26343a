/**
 * Lease, manifest and leader ConfigMap over the Kubernetes API. fabric8 serves for HTTP and models
 * only.
 */
@NullMarked
package io.flinkha.agent.adapter.kubernetes;

import org.jspecify.annotations.NullMarked;
