/** What is durable: the manifest as a value, and the changes that may be made to it. */
@NullMarked
package io.flinkha.agent.core.manifest;

import org.jspecify.annotations.NullMarked;
