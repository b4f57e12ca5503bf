/** The injector against real processes, and against a process table made of files. */
@NullMarked
package dev.firebreak.injector.process;

import org.jspecify.annotations.NullMarked;
