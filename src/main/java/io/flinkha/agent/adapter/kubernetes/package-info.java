/**
 * Lease, manifest and leader ConfigMap over the Kubernetes API. Objects are JSON: fabric8 serves
 * for the connection only, and none of its model classes is named here.
 */
@NullMarked
package io.flinkha.agent.adapter.kubernetes;

import org.jspecify.annotations.NullMarked;
