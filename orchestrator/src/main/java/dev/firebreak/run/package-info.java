/** One execution of an experiment: phases, events, halting, rolling back. */
@NullMarked
package dev.firebreak.run;

import org.jspecify.annotations.NullMarked;
