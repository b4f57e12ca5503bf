/** The guard as a process of its own: started detached, told by a pipe, logging to a file. */
@NullMarked
package dev.firebreak.app.guard;

import org.jspecify.annotations.NullMarked;
