/**
 * What every room needs: waiting, the timeline, JSON, where the built parts lie, directories and
 * programs.
 */
@NullMarked
package io.flinkha.lab.base;

import org.jspecify.annotations.NullMarked;
