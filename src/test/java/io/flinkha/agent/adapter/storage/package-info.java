/** What is made of a blob store, over one that can be made to fail; and its failures in words. */
@NullMarked
package io.flinkha.agent.adapter.storage;

import org.jspecify.annotations.NullMarked;
