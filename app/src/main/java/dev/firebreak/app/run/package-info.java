/** Runs in the real world: their clock and threads, their directory, and how they are halted. */
@NullMarked
package dev.firebreak.app.run;

import org.jspecify.annotations.NullMarked;
