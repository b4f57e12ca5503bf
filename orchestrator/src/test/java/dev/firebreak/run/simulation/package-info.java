/** Whole GameDays in one thread, in a world that fails in every way it can and knows the truth. */
@NullMarked
package dev.firebreak.run.simulation;

import org.jspecify.annotations.NullMarked;
