/** The metrics page. */
@NullMarked
package dev.firebreak.annotations.metrics;

import org.jspecify.annotations.NullMarked;
