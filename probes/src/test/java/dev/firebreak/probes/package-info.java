@NullMarked
package dev.firebreak.probes;

import org.jspecify.annotations.NullMarked;
