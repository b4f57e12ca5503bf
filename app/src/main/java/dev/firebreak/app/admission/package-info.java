/** Whether a run may start on this machine: ceilings, the kill switch, one run per target. */
@NullMarked
package dev.firebreak.app.admission;

import org.jspecify.annotations.NullMarked;
