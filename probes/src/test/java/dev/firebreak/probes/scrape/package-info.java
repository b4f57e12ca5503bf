@NullMarked
package dev.firebreak.probes.scrape;

import org.jspecify.annotations.NullMarked;
