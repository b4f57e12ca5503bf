/** The disturbance as data, and the interface to what puts it in place. */
@NullMarked
package dev.firebreak.fault;

import org.jspecify.annotations.NullMarked;
