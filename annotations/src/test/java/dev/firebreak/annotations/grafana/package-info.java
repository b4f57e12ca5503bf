/** The annotator against a strict Grafana that fails in all the ways seen. */
@NullMarked
package dev.firebreak.annotations.grafana;

import org.jspecify.annotations.NullMarked;
