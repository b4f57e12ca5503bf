/** A bounded pool that can be watched. */
@NullMarked
package dev.firebreak.examples.shop.pool;

import org.jspecify.annotations.NullMarked;
