/** Scheduled GameDays: what happens when a schedule fires. */
@NullMarked
package dev.firebreak.app.serve;

import org.jspecify.annotations.NullMarked;
