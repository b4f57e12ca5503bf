/** Asks a server with Prometheus' HTTP API for signals, one query for each. */
@NullMarked
package dev.firebreak.probes.prometheus;

import org.jspecify.annotations.NullMarked;
