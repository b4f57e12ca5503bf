/** Events to make marks from. */
@NullMarked
package dev.firebreak.annotations;

import org.jspecify.annotations.NullMarked;
