/** Operating system processes as the kubelet treats them: started, watched, restarted, killed. */
@NullMarked
package io.flinkha.lab.process;

import org.jspecify.annotations.NullMarked;
