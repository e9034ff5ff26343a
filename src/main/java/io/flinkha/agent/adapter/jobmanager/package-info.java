/**
 * The JobManager's side of the pod: its lock file, the token, and the control API that
 * docs/PROTOCOL.md describes. Requests become events; plan bodies go past the core, in pieces.
 */
@NullMarked
package io.flinkha.agent.adapter.jobmanager;

import org.jspecify.annotations.NullMarked;
