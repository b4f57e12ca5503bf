/**
 * What a run leaves where people already look: marks in Grafana, traces, Firebreak's own metrics.
 */
@NullMarked
package dev.firebreak.annotations;

import org.jspecify.annotations.NullMarked;
