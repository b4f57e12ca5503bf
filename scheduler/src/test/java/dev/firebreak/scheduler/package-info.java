/** Specification of the scheduler. */
@NullMarked
package dev.firebreak.scheduler;

import org.jspecify.annotations.NullMarked;
