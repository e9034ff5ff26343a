/** What a person may see of the agent while it runs. */
@NullMarked
package io.flinkha.agent.adapter.status;

import org.jspecify.annotations.NullMarked;
