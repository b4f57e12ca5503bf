@NullMarked
package dev.firebreak.dashboards.grafana;

import org.jspecify.annotations.NullMarked;
