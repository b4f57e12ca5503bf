/** What is seen: signals, samples, and the interface to where they come from. */
@NullMarked
package dev.firebreak.probe;

import org.jspecify.annotations.NullMarked;
