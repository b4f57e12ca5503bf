/** Runs as traces: made from their events, exported over OTLP. */
@NullMarked
package dev.firebreak.annotations.tracing;

import org.jspecify.annotations.NullMarked;
