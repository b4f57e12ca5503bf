/** The Grafana dashboard as code. */
@NullMarked
package dev.firebreak.dashboards.grafana;

import org.jspecify.annotations.NullMarked;
