/** Answers of a Prometheus, made up for benchmarks. */
@NullMarked
package dev.firebreak.probes.prometheus;

import org.jspecify.annotations.NullMarked;
