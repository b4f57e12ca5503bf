/** How fast, how large and how right the cascade detector is, beside its rivals. */
@NullMarked
package dev.firebreak.benchmarks;

import org.jspecify.annotations.NullMarked;
