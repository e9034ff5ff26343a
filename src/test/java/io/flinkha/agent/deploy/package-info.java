/**
 * What deploy/ grants and creates, on the API server of KUBECONFIG. Without one there is no such
 * test; what is rendered needs {@code kubectl} only, and what an image refuses nothing.
 */
@NullMarked
package io.flinkha.agent.deploy;

import org.jspecify.annotations.NullMarked;
