@NullMarked
package dev.firebreak.probes.origin;

import org.jspecify.annotations.NullMarked;
