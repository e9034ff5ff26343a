/** The product on a real Kubernetes: deployed, broken, measured. */
@NullMarked
package io.flinkha.e2e;

import org.jspecify.annotations.NullMarked;
