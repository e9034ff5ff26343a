/**
 * What a Kubernetes Job becomes that asks for the agent: JSON in, JSON out, or one sentence why
 * not. The same for the admission webhook and for the preview on the command line; done twice, it
 * changes nothing more.
 */
@NullMarked
package io.flinkha.agent.injection;

import org.jspecify.annotations.NullMarked;
