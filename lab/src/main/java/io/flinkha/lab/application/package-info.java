/**
 * One Flink application, wherever it runs: how it is awaited, what is seen of it, and what became
 * of it after a fault. Knows nothing of processes or pods.
 */
@NullMarked
package io.flinkha.lab.application;

import org.jspecify.annotations.NullMarked;
