/** How a run's events are written down: one line of JSON each. */
@NullMarked
package dev.firebreak.app.journal;

import org.jspecify.annotations.NullMarked;
