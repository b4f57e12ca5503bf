/** Spans from events, and a real export. */
@NullMarked
package dev.firebreak.annotations.tracing;

import org.jspecify.annotations.NullMarked;
