/** Reads the services' own metrics pages and evaluates signals over a short window of them. */
@NullMarked
package dev.firebreak.probes.scrape;

import org.jspecify.annotations.NullMarked;
