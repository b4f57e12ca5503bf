/** When services started and of what build they are: by that, restarts and deploys show. */
@NullMarked
package dev.firebreak.probes.origin;

import org.jspecify.annotations.NullMarked;
