/** The report of a run as files: for people, for programs, and for CI systems. */
@NullMarked
package dev.firebreak.dashboards.report;

import org.jspecify.annotations.NullMarked;
