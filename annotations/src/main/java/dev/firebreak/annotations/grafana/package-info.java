/** Marks in Grafana: one region per run and injected service, points for what happened. */
@NullMarked
package dev.firebreak.annotations.grafana;

import org.jspecify.annotations.NullMarked;
