/** Running the cascade detector over recorded cases, as if live. */
@NullMarked
package dev.firebreak.app.replay;

import org.jspecify.annotations.NullMarked;
