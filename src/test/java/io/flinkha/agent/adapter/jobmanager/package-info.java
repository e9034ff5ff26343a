@NullMarked
package io.flinkha.agent.adapter.jobmanager;

import org.jspecify.annotations.NullMarked;
