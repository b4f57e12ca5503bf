@NullMarked
package dev.firebreak.dashboards.report;

import org.jspecify.annotations.NullMarked;
