/** Pausing and killing processes of this machine. */
@NullMarked
package dev.firebreak.injector.process;

import org.jspecify.annotations.NullMarked;
