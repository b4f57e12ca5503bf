@NullMarked
package dev.firebreak.probes.prometheus;

import org.jspecify.annotations.NullMarked;
