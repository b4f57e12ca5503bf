@NullMarked
package dev.firebreak.probes.signal;

import org.jspecify.annotations.NullMarked;
