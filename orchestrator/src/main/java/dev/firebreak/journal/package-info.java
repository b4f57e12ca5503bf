/** The durable record of a run, written before anyone is told. */
@NullMarked
package dev.firebreak.journal;

import org.jspecify.annotations.NullMarked;
