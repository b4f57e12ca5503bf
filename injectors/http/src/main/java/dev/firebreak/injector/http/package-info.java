/** Faults that are put in place, removed and seen by HTTP requests which the file declares. */
@NullMarked
package dev.firebreak.injector.http;

import org.jspecify.annotations.NullMarked;
