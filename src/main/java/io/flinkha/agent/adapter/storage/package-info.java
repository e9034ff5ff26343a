/** Where plans and copies of the manifest are kept: a directory, or a cloud's object store. */
@NullMarked
package io.flinkha.agent.adapter.storage;

import org.jspecify.annotations.NullMarked;
