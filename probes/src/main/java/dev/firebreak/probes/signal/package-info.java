/**
 * What a signal is made of: a small algebra over counters, gauges and histograms, and packs of it.
 */
@NullMarked
package dev.firebreak.probes.signal;

import org.jspecify.annotations.NullMarked;
