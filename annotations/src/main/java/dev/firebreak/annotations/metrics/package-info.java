/** Firebreak's own metrics, and the page that Prometheus reads. */
@NullMarked
package dev.firebreak.annotations.metrics;

import org.jspecify.annotations.NullMarked;
