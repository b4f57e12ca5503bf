/** Opens the metric source that a GameDay names. */
@NullMarked
package dev.firebreak.probes;

import org.jspecify.annotations.NullMarked;
