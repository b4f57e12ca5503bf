/** Answers that come over HTTP, with a bound on their size and duration. */
@NullMarked
package dev.firebreak.probes.http;

import org.jspecify.annotations.NullMarked;
