/** Telling failure that escaped the blast radius from everything else that moves. */
@NullMarked
package dev.firebreak.cascade;

import org.jspecify.annotations.NullMarked;
