/** What rolls back when the run cannot: the guard's decisions, and what it and the run say. */
@NullMarked
package dev.firebreak.guard;

import org.jspecify.annotations.NullMarked;
