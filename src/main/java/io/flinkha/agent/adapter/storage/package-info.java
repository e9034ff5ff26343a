/** Where plans and copies of the manifest are kept: a directory. */
@NullMarked
package io.flinkha.agent.adapter.storage;

import org.jspecify.annotations.NullMarked;
