/** Fault injectors that are found at start: those in the box, and jars in {@code plugins/}. */
@NullMarked
package dev.firebreak.app.plugin;

import org.jspecify.annotations.NullMarked;
