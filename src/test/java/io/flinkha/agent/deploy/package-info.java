/**
 * What deploy/ grants and creates, on the API server of KUBECONFIG. Without one there is no such
 * test.
 */
@NullMarked
package io.flinkha.agent.deploy;

import org.jspecify.annotations.NullMarked;
