/** The product on a real Kubernetes: deployed, broken, measured. */
@NullMarked
package io.flinkha.lab.e2e;

import org.jspecify.annotations.NullMarked;
